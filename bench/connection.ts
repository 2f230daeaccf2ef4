import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** A keep-alive HTTP/1.1 connection with one request in flight. It costs a tenth of `fetch`, so that the load is not what is measured. */
export class Connection {
  private received: Buffer | undefined;
  private settle: PromiseWithResolvers<Answer> | undefined;

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.take(chunk));
    socket.on('error', (error) => this.settle?.reject(error));
    socket.on('close', () => this.settle?.reject(new Error('the server closed the connection')));
  }

  static async open(url: string): Promise<Connection> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    return new Connection(socket);
  }

  ask(request: string): Promise<Answer> {
    if (this.settle) throw new Error('one request at a time');
    this.settle = Promise.withResolvers();
    this.socket.write(request, 'latin1');
    return this.settle.promise;
  }

  close(): void {
    this.socket.destroy();
  }

  private take(chunk: Buffer): void {
    const received = this.received ? Buffer.concat([this.received, chunk]) : chunk;
    this.received = received;
    const headEnd = received.indexOf('\r\n\r\n');
    if (headEnd < 0) return;
    const head = received.toString('latin1', 0, headEnd);
    const bytes = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1]);
    if (Number.isNaN(bytes)) return this.settle?.reject(new Error(`an answer without a Content-Length: ${head}`));
    if (received.length < headEnd + 4 + bytes) return;
    this.received = undefined;
    const { settle } = this;
    this.settle = undefined;
    settle?.resolve({ status: Number(head.slice(9, 12)), body: received.toString('utf8', headEnd + 4) });
  }
}

export function get(path: string, token: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer ${token}\r\n\r\n`;
}

/** `fields` are ASCII. */
export function post(path: string, token: string, fields: object): string {
  const body = JSON.stringify(fields);
  return `POST ${path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

/**
 * Sends the requests 0 to `count` over so many connections, each one as soon as the one before it on its connection was answered.
 * Answers how many a second. @throws where an answer is not what `right` says.
 */
export async function load(
  url: string,
  connections: number,
  count: number,
  request: (index: number) => string,
  right: (answer: Answer) => boolean,
): Promise<number> {
  const open = await Promise.all(Array.from({ length: connections }, () => Connection.open(url)));
  let next = 0;
  const send = async (connection: Connection): Promise<void> => {
    for (let index = next++; index < count; index = next++) {
      const answer = await connection.ask(request(index));
      if (!right(answer)) throw new Error(`request ${index} was answered ${answer.status}: ${answer.body}`);
    }
  };
  const started = performance.now();
  try {
    await Promise.all(open.map(send));
    return count / ((performance.now() - started) / 1000);
  } finally {
    for (const connection of open) connection.close();
  }
}
