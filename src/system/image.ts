/** Whether a picture is one: it can be decoded, and something is on it. */
import { extname } from 'node:path';

const pictures = new Set(['.png', '.jpg', '.jpeg', '.webp', '.gif', '.avif', '.tif', '.tiff', '.svg']);

/** By its name's ending. */
export function isPicture(file: string): boolean {
  return pictures.has(extname(file).toLowerCase());
}

/** `is blank`, `is no picture that can be decoded (…)`; null when there is something to see. */
export async function pictureFlaw(file: string): Promise<string | null> {
  // Loaded only where there are pictures: it is a library of some megabytes.
  const { default: sharp } = await import('sharp');
  try {
    for (const background of ['#ffffff', '#000000']) {
      const { channels } = await sharp(file).flatten({ background }).stats();
      if (channels.some(({ stdev }) => stdev > blankDeviation)) return null;
    }
    return 'is blank';
  } catch (error) {
    return `is no picture that can be decoded (${error instanceof Error ? error.message : String(error)})`;
  }
}

/** Of 255, in every channel: lossy formats leave some noise on one colour. */
const blankDeviation = 0.5;
