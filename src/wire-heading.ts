import type { HeadingSource } from './wire-status.js';

/** `items.heading` as the parser of regen.yaml reads it. */
export const readHeading: HeadingSource['readConfig'] = async (surroundings, configFile) => {
  const { loadConfig } = await import('./config/load.js');
  return (await loadConfig({ surroundings, file: configFile })).items.heading;
};
