/**
 * catalog
 * scatter-basic: Basic Scatter Plot
 * Library: highcharts
 * Updated: 2025-01-20
 */
import { chart } from 'highcharts';

const plot = chart({
  chart: { type: 'scatter', backgroundColor: '#ffffff', lineColor: '#000000' },
  series: [{ color: '#306998', data: [[1, 1], [2, 4], [3, 9]] }],
});
plot.save(`plot-${process.env.REGEN_THEME}.png`);
