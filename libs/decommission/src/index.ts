import { anyCommand, type Context } from '#kernel';
import { attestGateCommand } from './attest-gate.js';
import { decommissionDeploymentCommand } from './decommission-deployment.js';
import { decommissionPoolCommand } from './decommission-pool.js';
import { gateEvents } from './gate-records.js';
import { waiveGateCommand } from './waive-gate.js';

export * from './gate-records.js';
export * from './gates.js';

export const decommission: Context = {
  commands: [
    anyCommand(attestGateCommand),
    anyCommand(waiveGateCommand),
    anyCommand(decommissionDeploymentCommand),
    anyCommand(decommissionPoolCommand),
  ],
  events: gateEvents,
};
