/**
 * catalog
 * bar-basic: Basic Bar Chart
 * Library: matplotlib
 * Updated: 2024-10-01
 */
import { createFigure } from 'matplotlib';

const figure = createFigure({ paper: '#ffffff', ink: '#000000' });
figure.bar([9, 7, 4, 2], { color: '#306998' });
figure.save(`plot-${process.env.REGEN_THEME}.png`);
