import { anyCommand, type Context } from '#kernel';
import { addLegacyEndpointCommand } from './add-legacy-endpoint.js';
import { deploymentEvents } from './deployment.js';
import { endpointEvents } from './endpoint.js';
import { poolEvents } from './pool.js';
import { registerDeploymentCommand } from './register-deployment.js';
import { registerPoolCommand } from './register-pool.js';
import { registerSiteCommand } from './register-site.js';
import { rehomeDeploymentCommand } from './rehome-deployment.js';
import { removeLegacyEndpointCommand } from './remove-legacy-endpoint.js';
import { sealDeploymentCommand } from './seal-deployment.js';
import { sealPoolCommand } from './seal-pool.js';
import { siteEvents } from './site.js';
import { unsealDeploymentCommand } from './unseal-deployment.js';
import { unsealPoolCommand } from './unseal-pool.js';

export { deploymentIsGone, deploymentStream, unknownDeployment } from './deployment.js';
export type { Deployment, DeploymentDecommissioned, DeploymentEvent } from './deployment.js';
export { type Endpoint, endpointStream } from './endpoint.js';
export type { GateSnapshot } from './gate-snapshot.js';
export { poolStream, poolTakesNone, unknownPool } from './pool.js';
export type { Pool, PoolDecommissioned, PoolEvent, Status } from './pool.js';
export { siteStream, unknownSite } from './site.js';
export type { Site } from './site.js';

export const topology: Context = {
  commands: [
    anyCommand(registerSiteCommand),
    anyCommand(registerPoolCommand),
    anyCommand(registerDeploymentCommand),
    anyCommand(rehomeDeploymentCommand),
    anyCommand(sealPoolCommand),
    anyCommand(unsealPoolCommand),
    anyCommand(sealDeploymentCommand),
    anyCommand(unsealDeploymentCommand),
    anyCommand(addLegacyEndpointCommand),
    anyCommand(removeLegacyEndpointCommand),
  ],
  events: { ...siteEvents, ...poolEvents, ...deploymentEvents, ...endpointEvents },
};
