import { LRUCache } from 'lru-cache';

/** How often something may be refused within a window that begins with the first time. Bounded in memory: the keys used last. */
export class Allowance {
  private readonly windows: LRUCache<string, { spent: number }>;

  constructor(
    private readonly timesMax: number,
    windowSeconds: number,
    keysMax: number,
  ) {
    this.windows = new LRUCache({ max: keysMax, ttl: windowSeconds * 1000, ttlResolution: 0 });
  }

  /** Spends one. Answers the seconds to wait where there was none left, else 0. */
  spend(key: string): number {
    const window = this.windows.get(key);
    if (!window) {
      this.windows.set(key, { spent: 1 });
      return 0;
    }
    if (window.spent >= this.timesMax) return Math.max(1, Math.ceil(this.windows.getRemainingTTL(key) / 1000));
    window.spent++;
    return 0;
  }
}

/** What counts as one address: an IPv6 customer has a whole /64. */
export function addressBlock(ip: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1];
  if (mapped !== undefined) return mapped;
  if (!ip.includes(':')) return ip;
  const [head = '', tail] = ip.split('%', 1).join('').split('::');
  const groups = head === '' ? [] : head.split(':');
  const end = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros =
    tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - groups.length - end.length) }, () => '0');
  return [...groups, ...zeros, ...end].slice(0, 4).join(':');
}
