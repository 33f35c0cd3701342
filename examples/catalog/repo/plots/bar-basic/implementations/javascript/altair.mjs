/**
 * catalog
 * bar-basic: Basic Bar Chart
 * Library: altair
 * Updated: 2025-02-14
 */
import { Chart } from 'altair';

const rows = [9, 7, 4, 2].map((value, position) => ({ position, value }));

new Chart(rows).markBar().encode({ x: 'position', y: 'value' }).save(`plot-${process.env.REGEN_THEME}.png`);
