import { type GenerationId, isLegacy } from '#kernel';

export type Severity = 'error' | 'warning' | 'info';
/** `source`: a legacy deployment, whether a migration of it is planned or not. */
export type FindingOn = 'estate' | 'deployment' | 'source' | 'migration' | 'user';

export interface FindingDefinition {
  readonly finding: string;
  readonly severity: Severity;
  readonly on: FindingOn;
  /** `computed`: it is there as long as its fact is. `raised`: it comes with the plan of a migration, and a person resolves it. */
  readonly kind: 'computed' | 'raised';
  readonly waivable: boolean;
  readonly title: string;
  /** What to do about it. */
  readonly resolve: readonly string[];
}

/** What deserves attention (`contract.md` §2.3, `domain.md` §1.3 B and §10.2). */
export const findings = [
  {
    finding: 'topology.three-generations',
    severity: 'warning',
    on: 'estate',
    kind: 'computed',
    waivable: true,
    title: 'Three generations stand side by side, which Microsoft does not support (Gg425764)',
    resolve: ['Decommission the oldest generation before more is migrated, or waive this knowingly'],
  },
  {
    finding: 'content.name-too-long',
    severity: 'error',
    on: 'source',
    kind: 'computed',
    waivable: false,
    title: 'Names are longer than 256 characters once the names of their parent categories stand before them',
    resolve: [
      'Rename the room or its categories with the Group Chat Admin Tool, and here remove it and add it anew',
      'Or exclude the room from the migration, or remove it',
    ],
  },
  {
    finding: 'content.nested-categories',
    severity: 'info',
    on: 'source',
    kind: 'computed',
    waivable: false,
    title:
      'Categories lie in others; Persistent Chat has one level, so that they get the names of their parents as prefix',
    resolve: ['Nothing has to be done; flatten them beforehand where the long names are unwelcome'],
  },
  {
    finding: 'content.invitations-forced-off',
    severity: 'info',
    on: 'source',
    kind: 'computed',
    waivable: false,
    title: 'Categories that allow no invitations hold rooms: the import forces theirs off, with a warning',
    resolve: ['Reset the invitations of those categories before the export where their rooms are to keep them'],
  },
  {
    finding: 'content.name-clash',
    severity: 'warning',
    on: 'migration',
    kind: 'computed',
    waivable: true,
    title:
      'Names of the source are there in the target already: the import overwrites what has them; a room with the name of a category is left out, and so is what gets the name of another one of the source',
    resolve: [
      'Rename or remove what was created in the target, or exclude the room',
      'Or accept that it is overwritten',
      'Of two of the source that get one name the first in the order of their names there is carried over: exclude the other room, or rename it, before the export; the rooms of two such categories end in one',
      'A room that has the name of a category is left out: exclude it before the export, or remove it and add it under another name; after the import remove it from the source, and add it to the target under another name',
    ],
  },
  {
    finding: 'clients.no-endpoint',
    severity: 'warning',
    on: 'migration',
    kind: 'computed',
    waivable: true,
    title: 'Group Chat clients are connected to the source, and no lookup URI was planned that they could go on using',
    resolve: ['Move those users to the Lync 2013 client', 'Or roll back and plan again with the lookup URI'],
  },
  {
    finding: 'clients.not-permitted',
    severity: 'warning',
    on: 'user',
    kind: 'computed',
    waivable: true,
    title: 'A client is connected that may connect no longer',
    resolve: ['Disconnect the client, or give the user a home and a policy that permit it'],
  },
  {
    finding: 'migration.counts-differ',
    severity: 'error',
    on: 'migration',
    kind: 'computed',
    waivable: true,
    title: 'What the operator reported as imported is not what was carried over',
    resolve: [
      'Compare the report of the import with the content of the target, and mend what is missing',
      'Or waive this with the reason of the difference',
    ],
  },
  {
    finding: 'prepare.same-forest',
    severity: 'warning',
    on: 'migration',
    kind: 'raised',
    waivable: true,
    title: 'Source and target have to be in the same Active Directory forest',
    resolve: ['Confirm that both are in one forest; across forests nothing can be migrated'],
  },
  {
    finding: 'prepare.root-managers',
    severity: 'warning',
    on: 'migration',
    kind: 'raised',
    waivable: true,
    title: 'Managers at the root category become managers of all rooms',
    resolve: ['Remove managers at the root category who should not manage every room'],
  },
  {
    finding: 'prepare.federated-members',
    severity: 'warning',
    on: 'migration',
    kind: 'raised',
    waivable: true,
    title: 'Persistent Chat does not support federation: federated members lose their access',
    resolve: ['Tell the federated members of rooms, and remove them'],
  },
  {
    finding: 'prepare.old-admin-tools',
    severity: 'warning',
    on: 'migration',
    kind: 'raised',
    waivable: true,
    title: 'The source is changed with the Group Chat Admin Tool alone, the target with the tools of 2013',
    resolve: ['Make sure that nobody uses the tools of one generation on the other'],
  },
  {
    finding: 'capacity.provisioned-users',
    severity: 'warning',
    on: 'estate',
    kind: 'computed',
    waivable: true,
    title: 'More than 150,000 users are homed on Lync Server 2013 (Gg615006)',
    resolve: ['Plan further pools with Microsoft, or waive this knowingly'],
  },
  {
    finding: 'capacity.rooms',
    severity: 'warning',
    on: 'deployment',
    kind: 'computed',
    waivable: true,
    title: 'The deployment holds more than 50,000 rooms, the number that stress tests go to (JJ945599)',
    resolve: ['Exclude or remove rooms that nobody uses any more'],
  },
] as const satisfies readonly FindingDefinition[];

export type FindingName = (typeof findings)[number]['finding'];

export const findingOf = (name: string): FindingDefinition | undefined =>
  findings.find(({ finding }) => finding === name);

/** A deployment's findings; those of a source are there where it is legacy. */
export function isFindingOfDeployment({ on }: FindingDefinition, generation: GenerationId): boolean {
  return on === 'deployment' || (on === 'source' && isLegacy(generation));
}
