/** The part of the composition root for routing. */
import { modelOfClass } from './routing/classes.js';
import { classifierQuestion } from './routing/classifier.js';
import { complexityOf } from './routing/complexity.js';
import { factsOf } from './routing/facts.js';
import { readClasses } from './routing/read-classes.js';
import { routeOf } from './routing/route.js';
import type { Routing } from './step/routing-station.js';

export const routing: Routing = {
  facts: factsOf,
  complexity: complexityOf,
  route: routeOf,
  question: classifierQuestion,
  read: readClasses,
  modelOf: modelOfClass,
};
