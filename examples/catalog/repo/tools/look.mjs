// Looks at the render of REGEN_THEME in REGEN_ARTIFACTS and says what is wrong with it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';

const papers = { light: '#ffffff', dark: '#16161d' };
const theme = process.env.REGEN_THEME;
const file = `plot-${theme}.png`;

const png = readFileSync(join(process.env.REGEN_ARTIFACTS, file));
const width = png.readUInt32BE(16);
const height = png.readUInt32BE(20);
const pixels = inflateSync(png.subarray(png.indexOf('IDAT') + 4, png.lastIndexOf('IEND') - 8));
const colors = new Map();
for (let y = 0; y < height; y += 1) {
  for (let x = 0; x < width; x += 1) {
    const at = y * (width * 3 + 1) + 1 + x * 3;
    const color = `#${pixels.toString('hex', at, at + 3)}`;
    colors.set(color, (colors.get(color) ?? 0) + 1);
  }
}
const [[paper, area]] = [...colors].sort(([, left], [, right]) => right - left);

const problems = [];
if (width !== 640 || height !== 360) problems.push(`it is ${width} x ${height}, it should be 640 x 360`);
if (paper !== papers[theme]) problems.push(`the paper is ${paper}, it should be ${papers[theme]}`);
if (colors.size < 3) problems.push('nothing is drawn but paper and axis');
if (area < 0.5 * width * height) problems.push('the paper is covered by more than half');
for (const problem of problems) console.error(`${file}: ${problem}`);
process.exitCode = problems.length === 0 ? 0 : 1;
