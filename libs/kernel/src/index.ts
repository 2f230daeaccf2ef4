export * from './canonical.js';
export * from './catalogue.js';
export * from './command.js';
export * from './decision.js';
export { doubledName } from './doubled-name.js';
export { type Field, fieldsOf, Is, type JsonSchema, parseInstant, parseSubject } from './fields.js';
export * from './ids.js';
export * from './transaction.js';
