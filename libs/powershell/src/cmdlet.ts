import { literal, type Value } from './literal.js';

interface Known {
  readonly parameters: readonly string[];
  /** Whether it can be asked what it would do, and asks before it does it. */
  readonly asks: boolean;
}

/** The cmdlets of the Lync Server 2013 Management Shell that scripts are made of (`domain.md` §1.4, §1.6, §2; L13 reference). */
const known = {
  'Move-CsUser': { parameters: ['Identity', 'Target'], asks: true },
  'Move-CsLegacyUser': { parameters: ['Identity', 'Target'], asks: true },
  'Disable-CsUser': { parameters: ['Identity'], asks: true },
  'Grant-CsPersistentChatPolicy': { parameters: ['Identity', 'PolicyName'], asks: true },
  'New-CsPersistentChatPolicy': { parameters: ['Identity', 'EnablePersistentChat'], asks: true },
  'Set-CsPersistentChatPolicy': { parameters: ['Identity', 'EnablePersistentChat'], asks: true },
  'Remove-CsPersistentChatPolicy': { parameters: ['Identity'], asks: true },
  'New-CsPersistentChatEndpoint': { parameters: ['SipAddress', 'PersistentChatPoolFqdn', 'DisplayName'], asks: true },
  'Remove-CsPersistentChatEndpoint': { parameters: ['Identity'], asks: true },
  'Export-CsPersistentChatData': {
    parameters: ['DBInstance', 'DBName', 'FileName', 'Level', 'StartDate', 'DisableExportedNodes', 'Report'],
    asks: false,
  },
  'Import-CsPersistentChatData': { parameters: ['DBInstance', 'FileName', 'Report'], asks: true },
  'New-CsPersistentChatCategory': {
    parameters: ['Name', 'PersistentChatPoolFqdn', 'EnableInvitations', 'EnableFileUpload', 'RemoveChatHistory'],
    asks: false,
  },
  'Remove-CsPersistentChatCategory': { parameters: ['Identity'], asks: true },
  'New-CsPersistentChatRoom': {
    parameters: ['Name', 'PersistentChatPoolFqdn', 'Category', 'Type', 'Privacy', 'Addin'],
    asks: false,
  },
  'Set-CsPersistentChatRoom': { parameters: ['Identity', 'Addin', 'Disabled'], asks: true },
  'Remove-CsPersistentChatRoom': { parameters: ['Identity'], asks: true },
  'New-CsPersistentChatAddin': { parameters: ['Name', 'PersistentChatPoolFqdn', 'URL'], asks: false },
  'Remove-CsPersistentChatAddin': { parameters: ['Identity'], asks: true },
  'Get-CsPersistentChatCategory': { parameters: ['PersistentChatPoolFqdn'], asks: false },
  'Get-CsPersistentChatRoom': { parameters: ['PersistentChatPoolFqdn'], asks: false },
  'Get-CsPersistentChatAddin': { parameters: ['PersistentChatPoolFqdn'], asks: false },
  'Test-CsPersistentChatMessage': {
    parameters: ['TargetFqdn', 'SenderSipAddress', 'ReceiverSipAddress', 'SenderCredential', 'ReceiverCredential'],
    asks: false,
  },
  'Stop-CsWindowsService': { parameters: ['ComputerName', 'Name'], asks: true },
  'Start-CsWindowsService': { parameters: ['ComputerName', 'Name'], asks: true },
} as const satisfies Readonly<Record<string, Known>>;

export type CmdletName = keyof typeof known;
/** A parameter without a value. */
export const present = Symbol('present');
export type Parameters<N extends CmdletName> = {
  readonly [P in (typeof known)[N]['parameters'][number]]?: Value | typeof present;
};

/** A call of a cmdlet as text, without what makes it ask first. */
export interface Cmdlet {
  readonly name: CmdletName;
  readonly text: string;
  readonly asks: boolean;
}

/** A call of a cmdlet; parameters that are undefined are left out. */
export function cmdlet<N extends CmdletName>(name: N, parameters: Parameters<N>): Cmdlet {
  const given = Object.entries<Value | typeof present | undefined>(parameters)
    .filter((entry): entry is [string, Value | typeof present] => entry[1] !== undefined)
    .map(([parameter, value]) => (value === present ? `-${parameter}` : `-${parameter} ${literal(value)}`));
  return { name, text: [name, ...given].join(' '), asks: known[name].asks };
}
