// A canvas in miniature: one call after the other draws onto it.
import { Picture, scale } from 'pixels';

export function createFigure({ paper, ink }) {
  const picture = new Picture(640, 360, paper);
  picture.rectangle(40, 320, 560, 1, ink);
  return {
    scatter(xs, ys, { color }) {
      const [across, up] = [scale(xs, 640, 60), scale(ys, 360)];
      xs.forEach((x, index) => picture.disc(across(x), 360 - up(ys[index]), 5, color));
    },
    bar(heights, { color }) {
      const up = scale([0, ...heights], 360);
      const step = 560 / heights.length;
      heights.forEach((height, index) => {
        const top = 360 - up(height);
        picture.rectangle(Math.round(40 + step * (index + 0.2)), top, Math.round(step * 0.6), 320 - top, color);
      });
    },
    save: (file) => picture.save(file),
  };
}
