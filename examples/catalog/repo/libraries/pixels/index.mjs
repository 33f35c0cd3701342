// A picture in memory, saved as PNG. The charting libraries beside it draw with this one.
import { writeFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';

export class Picture {
  #pixels;

  constructor(width, height, paper) {
    this.width = width;
    this.height = height;
    this.#pixels = Buffer.alloc(width * height * 3);
    this.rectangle(0, 0, width, height, paper);
  }

  rectangle(left, top, width, height, color) {
    for (let y = top; y < top + height; y += 1) for (let x = left; x < left + width; x += 1) this.#set(x, y, color);
  }

  disc(centreX, centreY, radius, color) {
    for (let y = -radius; y <= radius; y += 1) {
      for (let x = -radius; x <= radius; x += 1) {
        if (x * x + y * y <= radius * radius) this.#set(centreX + x, centreY + y, color);
      }
    }
  }

  save(file) {
    const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0]);
    header.writeUInt32BE(this.width, 0);
    header.writeUInt32BE(this.height, 4);
    const rows = Array.from({ length: this.height }, (_, y) => [
      Buffer.of(0), // no filter
      this.#pixels.subarray(y * this.width * 3, (y + 1) * this.width * 3),
    ]);
    const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    const data = deflateSync(Buffer.concat(rows.flat()));
    writeFileSync(file, Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND')]));
  }

  #set(x, y, color) {
    const isInside = x >= 0 && y >= 0 && x < this.width && y < this.height;
    if (isInside) this.#pixels.write(color.slice(1), (Math.round(y) * this.width + Math.round(x)) * 3, 'hex');
  }
}

/** Where values stand on an axis of so many pixels, with a margin on both ends. */
export function scale(values, pixels, margin = 40) {
  const low = Math.min(...values);
  const span = Math.max(...values) - low || 1;
  return (value) => Math.round(margin + ((value - low) / span) * (pixels - 2 * margin));
}

function chunk(name, data = Buffer.alloc(0)) {
  const body = Buffer.concat([Buffer.from(name), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
