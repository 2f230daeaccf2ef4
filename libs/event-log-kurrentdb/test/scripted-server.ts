import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  Metadata,
  type sendUnaryData,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServerWritableStream,
  status,
} from '@grpc/grpc-js';
import { StreamIdentifier, UUID } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/shared_pb.js';
import { GossipService } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/gossip_grpc_pb.js';
import {
  ClusterInfo,
  EndPoint,
  MemberInfo,
} from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/gossip_pb.js';
import { ServerFeaturesService } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/serverfeatures_grpc_pb.js';
import {
  SupportedMethod,
  SupportedMethods,
} from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/serverfeatures_pb.js';
import { StreamsService } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_grpc_pb.js';
import { ReadReq, ReadResp } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import { Status } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/status_pb.js';
import {
  AppendConsistencyViolationErrorDetails,
  ConsistencyViolation,
} from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v2/streams/errors_pb.js';
import { StreamsServiceService } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v2/streams/streams_grpc_pb.js';
import {
  type AppendRecord,
  type AppendRecordsRequest,
  AppendRecordsResponse,
  StreamRevision,
} from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v2/streams/streams_pb.js';
import { Any } from 'google-protobuf/google/protobuf/any_pb.js';

/** How one call goes. The next calls go as they should once the script is at its end. */
export type Turn =
  | 'as it should'
  /** Written, and the connection breaks before the answer. */
  | 'written, answer lost'
  /** Not written, and the connection breaks. */
  | 'not written, answer lost'
  /** Written, and never answered. */
  | 'written, silence'
  | 'silence'
  /** The subscription ends as a server's shutdown ends it. */
  | { readonly code: status; readonly message: string };

export const notLeader = {
  code: status.FAILED_PRECONDITION,
  message:
    'The server is not the leader node and cannot handle the request. Please retry your request against the leader node',
} as const;

interface Stored {
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly data: Uint8Array;
  readonly metadata: string;
  readonly position: number;
}

const bytesPerRecord = 100;
/** Good for a hundred years, and for this server only. */
const certificates = join(__dirname, 'certificates');
const certificate = (name: string): Buffer => readFileSync(join(certificates, name));

/**
 * As much of KurrentDB as the adapter asks for, in memory, made of the client's own protocol, on a loopback port; what happens to each call is
 * scripted. What it says was learned from a real server (`docs/kurrentdb.md`).
 */
export class ScriptedServer {
  /** The file with the certificate of who has signed the server's own. */
  static readonly authority = join(certificates, 'authority.crt');
  readonly appends: Turn[] = [];
  readonly reads: Turn[] = [];
  readonly subscriptions: Turn[] = [];
  /** A server of before version 26. */
  isOld = false;
  /** It takes connections and calls, and answers none: a frozen node. */
  isSilent = false;
  /** A stream of which it takes no records. */
  refuses: string | undefined;
  /** It does not know an append again that it has taken before. */
  forgetsIds = false;
  /** The header `authorization` of each kind of call that came. */
  readonly authorizations = { append: new Set<string>(), read: new Set<string>(), subscription: new Set<string>() };
  appendCalls = 0;
  subscriptionCalls = 0;
  readonly records: Stored[] = [];
  private readonly live = new Set<{ readonly call: ServerWritableStream<ReadReq, ReadResp>; next: number }>();
  private server = new Server();
  private port = 0;

  private constructor(private readonly tls: boolean) {}

  /** @param tls with a certificate of `authority` */
  static async start({ tls = false } = {}): Promise<ScriptedServer> {
    const scripted = new ScriptedServer(tls);
    await scripted.listen();
    return scripted;
  }

  get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  get connectionString(): string {
    return `kurrentdb://127.0.0.1:${this.port}?tls=false`;
  }

  /** As a cluster, of which no other node lives: the leader has to be discovered. */
  get clusterString(): string {
    return `kurrentdb://127.0.0.1:${this.port},127.0.0.1:1?tls=false&maxDiscoverAttempts=3`;
  }

  /** On the same port as before. */
  async listen(): Promise<void> {
    this.server = new Server({ 'grpc.max_receive_message_length': -1 });
    this.server.addService(StreamsServiceService, {
      appendRecords: (
        call: ServerUnaryCall<AppendRecordsRequest, AppendRecordsResponse>,
        answer: sendUnaryData<AppendRecordsResponse>,
      ) => this.append(call, answer),
      appendSession: () => undefined,
    });
    this.server.addService(ServerFeaturesService, {
      getSupportedMethods: (_: unknown, answer: sendUnaryData<SupportedMethods>) => {
        if (!this.isSilent) answer(null, this.features());
      },
    });
    this.server.addService(GossipService, {
      read: (_: unknown, answer: sendUnaryData<ClusterInfo>) => {
        if (!this.isSilent) answer(null, this.cluster());
      },
    });
    const read = (call: ServerWritableStream<ReadReq, ReadResp>): void => this.read(call);
    this.server.addService(StreamsService, { read });
    this.port = await new Promise<number>((resolve, reject) => {
      this.server.bindAsync(this.host, this.credentials(), (error, port) => (error ? reject(error) : resolve(port)));
    });
  }

  get subscribers(): number {
    return this.live.size;
  }

  /** Breaks every connection and takes no new ones. */
  stop(): void {
    this.live.clear();
    this.server.forceShutdown();
  }

  /** What somebody else writes into KurrentDB. */
  foreign(stream: string, data = '{}', type = 'Foreign'): void {
    this.store({ stream, id: crypto.randomUUID(), type, data: Buffer.from(data), metadata: '{}' });
    this.tell();
  }

  /** Changes what is stored. */
  tamper(index: number, change: (record: Stored) => Stored): void {
    const record = this.records[index];
    if (record) this.records[index] = change(record);
  }

  /** They stay, and nothing comes any more: a frozen node. */
  freezeSubscriptions(): void {
    this.live.clear();
  }

  dropSubscriptions(): void {
    for (const { call } of this.live)
      call.emit('error', { code: status.UNAVAILABLE, details: 'server is shutting down' });
    this.live.clear();
  }

  private credentials(): ServerCredentials {
    if (!this.tls) return ServerCredentials.createInsecure();
    const [cert_chain, private_key] = [certificate('server.crt'), certificate('server.key')];
    return ServerCredentials.createSsl(null, [{ cert_chain, private_key }]);
  }

  private cluster(): ClusterInfo {
    const endPoint = new EndPoint();
    endPoint.setAddress('127.0.0.1');
    endPoint.setPort(this.port);
    const id = new UUID();
    id.setString(crypto.randomUUID());
    const member = new MemberInfo();
    member.setInstanceId(id);
    member.setTimeStamp(`${Date.now()}`);
    member.setState(MemberInfo.VNodeState.LEADER);
    member.setIsAlive(true);
    member.setHttpEndPoint(endPoint);
    const cluster = new ClusterInfo();
    cluster.addMembers(member);
    return cluster;
  }

  private features(): SupportedMethods {
    const features = new SupportedMethods();
    features.setEventStoreServerVersion(this.isOld ? '25.1.0' : '26.1.0');
    if (this.isOld) return features;
    const method = new SupportedMethod();
    method.setServiceName('kurrentdb.protocol.v2.streams.streamsservice');
    method.setMethodName('appendrecords');
    features.addMethods(method);
    return features;
  }

  private append(
    { request, metadata }: ServerUnaryCall<AppendRecordsRequest, AppendRecordsResponse>,
    answer: sendUnaryData<AppendRecordsResponse>,
  ): void {
    if (this.isSilent) return;
    if (request.getRecordsList().length === 0) {
      answer({ code: status.INVALID_ARGUMENT, details: 'Append records request must contain at least one record.' });
      return;
    }
    this.appendCalls++;
    this.authorizations.append.add(authorizationOf(metadata));
    const turn = this.appends.shift() ?? 'as it should';
    if (typeof turn === 'object') return answer({ code: turn.code, details: turn.message });
    if (turn === 'silence') return;
    if (turn === 'not written, answer lost') return this.breakConnections();
    if (request.getRecordsList().some((record) => record.getStream() === this.refuses))
      return answer({ code: status.INVALID_ARGUMENT, details: 'The record is too large' });
    const result = this.decide(request);
    if (turn === 'written, silence') return;
    if (turn === 'written, answer lost') return this.breakConnections();
    if (Array.isArray(result)) return answer(violation(result));
    answer(null, result);
  }

  /** As the server decides: known ids at their place are a retry, whatever has become of the guards. */
  private decide(request: AppendRecordsRequest): AppendRecordsResponse | ConsistencyViolation[] {
    const expected = new Map<string, number>();
    const violations: ConsistencyViolation[] = [];
    for (const [index, check] of request.getChecksList().entries()) {
      const state = check.getStreamState();
      const stream = state?.getStream() ?? '';
      const wanted = Number(state?.getExpectedState());
      expected.set(stream, wanted);
      const actual = this.of(stream).length - 1;
      if (wanted === -4 ? actual >= 0 : wanted === actual) continue;
      const violation = new ConsistencyViolation();
      const streamState = new ConsistencyViolation.StreamStateViolation();
      streamState.setStream(stream);
      streamState.setExpectedState(`${wanted}`);
      streamState.setActualState(`${actual}`);
      violation.setCheckIndex(index);
      violation.setStreamState(streamState);
      violations.push(violation);
    }
    const written = [...new Set(request.getRecordsList().map((record) => record.getStream()))];
    const isKnown = written.every((stream) => {
      const ids = request.getRecordsList().filter((record) => record.getStream() === stream);
      const stored = this.of(stream).slice((expected.get(stream) ?? -1) + 1);
      return ids.every((record, index) => stored[index]?.id === record.getRecordId());
    });
    const isRetry = isKnown && !this.forgetsIds;
    if (!isRetry && violations.length > 0) return violations;
    if (!isRetry)
      for (const record of request.getRecordsList())
        this.store({
          stream: record.getStream(),
          id: record.getRecordId() ?? '',
          type: record.getSchema()?.getName() ?? '',
          data: record.getData_asU8(),
          metadata: propertiesOf(record),
        });
    const response = new AppendRecordsResponse();
    const own = this.records.filter(({ id }) => request.getRecordsList().some((record) => record.getRecordId() === id));
    response.setPosition(`${Math.max(...own.map(({ position }) => position))}`);
    response.setRevisionsList(
      written.map((stream) => {
        const revision = new StreamRevision();
        revision.setStream(stream);
        revision.setRevision(
          `${Math.max(...own.filter((each) => each.stream === stream).map((each) => each.revision))}`,
        );
        return revision;
      }),
    );
    if (!isRetry) this.tell();
    return response;
  }

  private store(record: Omit<Stored, 'revision' | 'position'>): void {
    const position = (this.records.length + 1) * bytesPerRecord;
    this.records.push({ ...record, revision: this.of(record.stream).length, position });
  }

  private of(stream: string): Stored[] {
    return this.records.filter((record) => record.stream === stream);
  }

  private read(call: ServerWritableStream<ReadReq, ReadResp>): void {
    if (this.isSilent) return;
    const options = call.request.getOptions();
    const subscribes = options?.hasSubscription() ?? false;
    if (subscribes) this.subscriptionCalls++;
    this.authorizations[subscribes ? 'subscription' : 'read'].add(authorizationOf(call.metadata));
    const turn = (subscribes ? this.subscriptions : this.reads).shift() ?? 'as it should';
    if (typeof turn === 'object') {
      call.emit('error', { code: turn.code, details: turn.message, metadata: leaderAt(this.port, turn) });
      return;
    }
    if (turn !== 'as it should') return turn === 'silence' ? undefined : this.breakConnections();
    if (subscribes) return this.subscribe(call, options?.getAll()?.getPosition()?.getCommitPosition());
    const found = options?.hasStream() ? this.readStream(call, options) : this.readAll(options);
    for (const record of found ?? []) call.write(toResponse(record));
    call.end();
  }

  private readStream(call: ServerWritableStream<ReadReq, ReadResp>, options: ReadReq.Options): Stored[] | undefined {
    const name = Buffer.from(options.getStream()?.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString();
    const records = this.of(name);
    const from = Number(options.getStream()?.getRevision() ?? 0);
    if (records.length > 0) return records.slice(from, from + Number(options.getCount()));
    const missing = new ReadResp.StreamNotFound();
    const identifier = new StreamIdentifier();
    identifier.setStreamName(Buffer.from(name).toString('base64'));
    missing.setStreamIdentifier(identifier);
    const response = new ReadResp();
    response.setStreamNotFound(missing);
    call.write(response);
    return undefined;
  }

  private readAll(options: ReadReq.Options | undefined): Stored[] {
    const all = options?.getAll();
    const position = all?.hasPosition() ? Number(all.getPosition()?.getCommitPosition()) : undefined;
    const count = Number(options?.getCount());
    if (options?.getReadDirection() === ReadReq.Options.ReadDirection.FORWARDS)
      return this.records.filter((record) => record.position >= (position ?? 0)).slice(0, count);
    const before = this.records.filter((record) => position === undefined || record.position < position);
    return before.toReversed().slice(0, count);
  }

  private subscribe(call: ServerWritableStream<ReadReq, ReadResp>, after = '-1'): void {
    const response = new ReadResp();
    const confirmation = new ReadResp.SubscriptionConfirmation();
    confirmation.setSubscriptionId(crypto.randomUUID());
    response.setConfirmation(confirmation);
    call.write(response);
    const subscription = { call, next: this.records.filter(({ position }) => position <= Number(after)).length };
    this.live.add(subscription);
    call.on('cancelled', () => this.live.delete(subscription));
    this.tell();
  }

  private tell(): void {
    if (this.isSilent) return;
    for (const subscription of this.live) {
      for (const record of this.records.slice(subscription.next)) subscription.call.write(toResponse(record));
      subscription.next = this.records.length;
    }
  }

  private breakConnections(): void {
    this.stop();
    void this.listen();
  }
}

const authorizationOf = (metadata: Metadata): string => String(metadata.get('authorization')[0] ?? '');

function propertiesOf(record: AppendRecord): string {
  const properties: Record<string, string> = {};
  record.getPropertiesMap().forEach((value, key) => {
    properties[key] = value.getStringValue();
  });
  return JSON.stringify(properties);
}

function violation(violations: ConsistencyViolation[]): { code: status; details: string; metadata: Metadata } {
  const details = new AppendConsistencyViolationErrorDetails();
  details.setViolationsList(violations);
  const any = new Any();
  any.pack(details.serializeBinary(), 'kurrentdb.protocol.v2.streams.errors.AppendConsistencyViolationErrorDetails');
  const rich = new Status();
  rich.setCode(status.FAILED_PRECONDITION as never);
  rich.setDetails(any);
  const metadata = new Metadata();
  metadata.set('grpc-status-details-bin', Buffer.from(rich.serializeBinary()));
  return { code: status.FAILED_PRECONDITION, details: 'a check failed', metadata };
}

function leaderAt(port: number, { message }: { readonly message: string }): Metadata {
  const metadata = new Metadata();
  if (!/not the leader/.test(message)) return metadata;
  metadata.set('exception', 'not-leader');
  metadata.set('leader-endpoint-host', '127.0.0.1');
  metadata.set('leader-endpoint-port', `${port}`);
  return metadata;
}

function toResponse({ stream, revision, id, type, data, metadata, position }: Stored): ReadResp {
  const event = new ReadResp.ReadEvent();
  const recorded = new ReadResp.ReadEvent.RecordedEvent();
  const identifier = new StreamIdentifier();
  identifier.setStreamName(Buffer.from(stream).toString('base64'));
  const uuid = new UUID();
  uuid.setString(id);
  recorded.setId(uuid);
  recorded.setStreamIdentifier(identifier);
  recorded.setStreamRevision(`${revision}`);
  recorded.setCommitPosition(`${position}`);
  recorded.setPreparePosition(`${position}`);
  recorded.setData(data);
  recorded.setCustomMetadata(Buffer.from(metadata).toString('base64'));
  recorded.getMetadataMap().set('type', type).set('content-type', 'application/octet-stream').set('created', '0');
  event.setEvent(recorded);
  event.setCommitPosition(`${position}`);
  const response = new ReadResp();
  response.setEvent(event);
  return response;
}
