/** The files that checks leave behind: whether they are there, and where they are kept. */
import { copyFile, lstat, mkdir, readFile, realpath } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { isPicture, pictureFlaw } from '../system/image.js';
import { isInside } from '../system/inside.js';
import type { Product } from './variants.js';

/** What is wrong with the products in the folder, in words such as `plot-dark.png was not produced`. */
export async function missingProducts(
  products: readonly Product[],
  folder: string,
): Promise<readonly string[]> {
  const flaws = await Promise.all(
    products.map(async (product) => {
      const flaw = await productFlaw(product.path, folder);
      return flaw === 'was not produced' && product.isOptional ? null : flaw && `${product.path} ${flaw}`;
    }),
  );
  return flaws.flatMap((flaw) => flaw ?? []);
}

/** Copies the products that are there to where publishing finds them; a file of the same name is replaced. */
export async function keepProducts(products: readonly Product[], from: string, to: string): Promise<void> {
  for (const { path } of products) {
    if ((await flawOf(path, from)) !== null) continue;
    await mkdir(dirname(join(to, path)), { recursive: true });
    await copyFile(join(from, path), join(to, path));
  }
}

/** A file that the check wrote, as text; null when it isn't there or isn't the check's own. */
export async function readProduct(path: string, folder: string): Promise<string | null> {
  if ((await flawOf(path, folder)) !== null) return null;
  const file = join(folder, path);
  return (await lstat(file)).size > largestText ? null : readFile(file, 'utf8');
}

/** More is no report that anybody reads. */
const largestText = 32 * 1024 * 1024;

async function flawOf(path: string, folder: string): Promise<string | null> {
  const place = resolve(folder, path);
  if (!isInside(folder, path)) return 'would lie outside of REGEN_ARTIFACTS';
  const [stats, whole] = await Promise.all([place, folder].map((one) => lstat(one).catch(() => null)));
  if (whole?.isDirectory() !== true) return 'can’t be told: REGEN_ARTIFACTS is no folder any more';
  if (stats == null) return 'was not produced';
  // A link could pass off, and publish, any file of this machine as the check's product.
  const isLinked =
    (await realpath(place).catch(() => null)) !== join(await realpath(folder), relative(folder, place));
  if (!stats.isFile() || isLinked) return 'is not a regular file';
  return stats.size === 0 ? 'is empty' : null;
}

/** A file that is there may still be no picture. */
async function productFlaw(path: string, folder: string): Promise<string | null> {
  const flaw = await flawOf(path, folder);
  return flaw === null && isPicture(path) ? pictureFlaw(resolve(folder, path)) : flaw;
}
