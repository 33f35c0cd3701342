/**
 * catalog
 * bar-basic: Basic Bar Chart
 * Library: highcharts
 * Updated: 2025-02-14
 */
import { chart } from 'highcharts';

const plot = chart({
  chart: { type: 'bar', backgroundColor: '#ffffff', lineColor: '#000000' },
  series: [{ color: '#306998', data: [[1, 9], [2, 7], [3, 4], [4, 2]] }],
});
plot.save(`plot-${process.env.REGEN_THEME}.png`);
