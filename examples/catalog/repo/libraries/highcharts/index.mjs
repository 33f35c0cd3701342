// One object of options in miniature; it can draw itself, and be put into a page.
import { Picture, scale } from 'pixels';

export function chart(options) {
  const { backgroundColor, lineColor, type } = options.chart;
  const points = options.series.flatMap(({ color, data }) => data.map(([x, y]) => ({ x, y, color })));
  return {
    save(file) {
      const picture = new Picture(640, 360, backgroundColor);
      picture.rectangle(40, 320, 560, 1, lineColor);
      const across = scale(points.map(({ x }) => x), 640, 60);
      const up = scale(points.map(({ y }) => y), 360);
      for (const { x, y, color } of points) {
        if (type === 'scatter') picture.disc(across(x), 360 - up(y), 5, color);
        else picture.rectangle(across(x) - 8, 360 - up(y), 16, up(y) - 40, color);
      }
      picture.save(file);
    },
    /** @param page - a page with `{{options}}` where the options go */
    toHtml: (page) => page.replace('{{options}}', () => JSON.stringify(options)),
  };
}
