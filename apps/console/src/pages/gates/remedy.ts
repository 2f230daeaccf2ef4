interface Remedy {
  readonly command: string;
  readonly name: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** The command that closes a computed gate, as far as one does. */
export function remedyOf(gate: string, subject: string): Remedy | undefined {
  const [, kind = '', id = ''] = /^(pool|deployment):(.+)$/.exec(subject) ?? [];
  if (gate === 'sealed')
    return kind === 'pool'
      ? { command: 'seal-pool', name: 'SealPool', fields: { pool: id } }
      : { command: 'seal-deployment', name: 'SealDeployment', fields: { deployment: id } };
  if (gate === 'users-gone') return { command: 'home-user', name: 'HomeUser', fields: { for: `pool:${id}` } };
  if (gate === 'clients-gone') return { command: 'disconnect-client', name: 'DisconnectClient', fields: {} };
  if (gate === 'rooms-accounted') return { command: 'exclude-room', name: 'ExcludeRoom', fields: { deployment: id } };
  if (gate === 'deployments-gone')
    return { command: 'decommission-deployment', name: 'DecommissionDeployment', fields: {} };
  return undefined;
}
