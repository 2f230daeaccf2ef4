export { type Cmdlet, cmdlet, type CmdletName, present } from './cmdlet.js';
export { type GenerationOf, type Phase, phases, type Step, stepOf } from './cmdlets-of-event.js';
export { literal, type Value, Variable } from './literal.js';
export { byteOrderMark, call, heading, lines, newline, remark, scriptHead, type ScriptParameter } from './script.js';
