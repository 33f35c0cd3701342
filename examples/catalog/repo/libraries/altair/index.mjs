// A grammar of graphics in miniature: what is drawn is said, not how.
import { Picture, scale } from 'pixels';

export class Chart {
  #rows;
  #mark = { shape: 'circle', color: '#0f766e' };
  #channels = { x: 'x', y: 'y' };
  #colors = { paper: '#ffffff', ink: '#1f2937' };

  constructor(rows) {
    this.#rows = rows;
  }

  markCircle(options = {}) {
    this.#mark = { ...this.#mark, ...options, shape: 'circle' };
    return this;
  }

  markBar(options = {}) {
    this.#mark = { ...this.#mark, ...options, shape: 'bar' };
    return this;
  }

  encode(channels) {
    this.#channels = { ...this.#channels, ...channels };
    return this;
  }

  configure(colors) {
    this.#colors = { ...this.#colors, ...colors };
    return this;
  }

  save(file) {
    const picture = new Picture(640, 360, this.#colors.paper);
    picture.rectangle(40, 320, 560, 1, this.#colors.ink);
    const across = scale(this.#rows.map((row) => row[this.#channels.x]), 640, 60);
    const up = scale(this.#rows.map((row) => row[this.#channels.y]), 360);
    for (const row of this.#rows) {
      const x = across(row[this.#channels.x]);
      const y = 360 - up(row[this.#channels.y]);
      if (this.#mark.shape === 'circle') picture.disc(x, y, 5, this.#mark.color);
      else picture.rectangle(x - 8, y, 16, 320 - y, this.#mark.color);
    }
    picture.save(file);
  }
}
