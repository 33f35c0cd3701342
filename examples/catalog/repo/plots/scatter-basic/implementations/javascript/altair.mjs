/**
 * catalog
 * scatter-basic: Basic Scatter Plot
 * Library: altair
 * Updated: 2024-11-02
 */
import { Chart } from 'altair';

const rows = [1, 2, 3, 5, 8, 13, 21].map((x) => ({ x, y: x * x }));

new Chart(rows).markCircle().encode({ x: 'x', y: 'y' }).save(`plot-${process.env.REGEN_THEME}.png`);
