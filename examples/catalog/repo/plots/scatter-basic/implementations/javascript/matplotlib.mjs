/**
 * catalog
 * scatter-basic: Basic Scatter Plot
 * Library: matplotlib
 * Updated: 2024-11-30
 */
import { createFigure } from 'matplotlib';

const figure = createFigure({ paper: '#ffffff', ink: '#000000' });
figure.scatter([1, 2, 3, 4], [1, 4, 9, 16], { color: '#306998' });
figure.save(`plot-${process.env.REGEN_THEME}.png`);
