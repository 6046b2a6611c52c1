import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** One call as it came: every parameter of the Query protocol under its own name, such as `TagSpecification.1.Tag.1.Key`. */
export interface Ec2Request {
  readonly action: string;
  /** Of the signature. */
  readonly region: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface FakeMachine {
  readonly id: string;
  readonly region: string;
  readonly clientToken: string;
  /** All that the call asked for, to tell whether another one with this token asks for the same. */
  readonly asked: string;
  state: 'pending' | 'shutting-down' | 'terminated';
  reason: string | null;
}

export interface FakeImage {
  readonly id: string;
  readonly name: string;
  state: 'pending' | 'available' | 'failed' | 'deregistered';
  reason: string | null;
  /** How often one looks for it in vain, as EC2 shows what is new late. */
  hiddenLooks: number;
}

interface Failure {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** A call whose effect is there, and whose answer is not sent. */
export interface HeldCall {
  /** Settles when the call has taken effect. */
  readonly arrived: Promise<Ec2Request>;
  /** Sends the answer. */
  release(): void;
}

const SIGNATURE =
  /^AWS4-HMAC-SHA256 Credential=[^/]+\/\d{8}\/([^/]+)\/ec2\/aws4_request, SignedHeaders=[^,]*\bhost\b[^,]*, Signature=[0-9a-f]{64}$/;

class Ec2Error extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}

/** An EC2 endpoint on loopback, as far as launchers need it: signed form-encoded requests, XML answers. */
export class FakeEc2 {
  readonly requests: Ec2Request[] = [];
  readonly machines: FakeMachine[] = [];
  readonly images: FakeImage[] = [];
  /** Of images that are made from now on. */
  hiddenLooks = 0;
  private readonly failures = new Map<string, Failure[]>();
  private readonly holds = new Map<
    string,
    { arrive(request: Ec2Request): void; released: Promise<void> }[]
  >();
  private readonly server = createServer((request, response) => void this.serve(request, response));
  private counter = 0;

  static async start(): Promise<FakeEc2> {
    const fake = new FakeEc2();
    fake.server.listen(0, '127.0.0.1');
    await once(fake.server, 'listening');
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  requestsOf(action: string): Ec2Request[] {
    return this.requests.filter((request) => request.action === action);
  }

  /** The next calls of this action get these errors, one each. */
  failNext(action: string, ...failures: Failure[]): void {
    this.failures.set(action, [...(this.failures.get(action) ?? []), ...failures]);
  }

  /** The next call of this action takes effect, but gets no answer until it is released. */
  holdNext(action: string): HeldCall {
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    const arrived = new Promise<Ec2Request>((arrive) => {
      this.holds.set(action, [...(this.holds.get(action) ?? []), { arrive, released }]);
    });
    return { arrived, release };
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const form = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString('utf8')));
    const { Action: action = '', Version: _version, ...parameters } = form;
    const { status, body } = await this.answer(action, parameters, request.headers.authorization);
    response.writeHead(status, { 'content-type': 'text/xml;charset=UTF-8' }).end(body);
  }

  private async answer(
    action: string,
    parameters: Record<string, string>,
    authorization: string | undefined,
  ): Promise<{ status: number; body: string }> {
    try {
      const region = SIGNATURE.exec(authorization ?? '')?.[1];
      if (region === undefined)
        throw new Ec2Error('AuthFailure', 'The request is not signed with Signature Version 4.', 401);
      const request = { action, region, parameters };
      this.requests.push(request);
      const failure = this.failures.get(action)?.shift();
      if (failure) throw new Ec2Error(failure.code, failure.message, failure.status);
      const content = this.act(request);
      const hold = this.holds.get(action)?.shift();
      hold?.arrive(request);
      await hold?.released;
      return { status: 200, body: this.xml(`${action}Response`, content) };
    } catch (error) {
      if (!(error instanceof Ec2Error)) throw error;
      const { code, message, status } = error;
      const errors = `<Errors><Error><Code>${code}</Code><Message>${escape(message)}</Message></Error></Errors>`;
      return { status, body: `<?xml version="1.0" encoding="UTF-8"?>\n<Response>${errors}</Response>` };
    }
  }

  private act(request: Ec2Request): string {
    switch (request.action) {
      case 'RunInstances':
        return `<instancesSet>${itemOf(this.runInstance(request))}</instancesSet>`;
      case 'TerminateInstances':
        return `<instancesSet>${this.terminate(request)}</instancesSet>`;
      case 'DescribeInstances':
        return `<reservationSet>${this.describeInstances(request)}</reservationSet>`;
      case 'CreateImage':
        return `<imageId>${this.createImage(request).id}</imageId>`;
      case 'DescribeImages':
        return `<imagesSet>${this.describeImages(request)}</imagesSet>`;
      case 'DeregisterImage':
        this.image(request).state = 'deregistered';
        return '<return>true</return>';
      default:
        throw new Ec2Error('InvalidAction', `The action ${request.action} is not valid.`);
    }
  }

  private runInstance({ region, parameters }: Ec2Request): FakeMachine {
    const { ClientToken: clientToken = '' } = parameters;
    const asked = JSON.stringify(Object.entries(parameters).toSorted());
    const earlier = this.machines.find(
      (machine) => machine.region === region && machine.clientToken === clientToken,
    );
    if (earlier && earlier.asked !== asked)
      throw new Ec2Error(
        'IdempotentParameterMismatch',
        'The client token was used with other parameters before.',
      );
    if (earlier) return earlier;
    const machine: FakeMachine = {
      id: this.newId('i'),
      region,
      clientToken,
      asked,
      state: 'pending',
      reason: null,
    };
    this.machines.push(machine);
    return machine;
  }

  private terminate(request: Ec2Request): string {
    const machine = this.machine(request);
    if (machine.state === 'pending') machine.state = 'shutting-down';
    return `<item><instanceId>${machine.id}</instanceId><currentState><name>${machine.state}</name></currentState></item>`;
  }

  /** What is shutting down has ended when one looks again. */
  private describeInstances(request: Ec2Request): string {
    const { 'Filter.1.Name': filter, 'Filter.1.Value.1': value } = request.parameters;
    const found =
      filter === 'client-token'
        ? this.machines.filter(
            ({ clientToken, region }) => clientToken === value && region === request.region,
          )
        : [this.machine(request)];
    const items = found.map((machine) => `<item><instancesSet>${itemOf(machine)}</instancesSet></item>`);
    for (const machine of found) if (machine.state === 'shutting-down') machine.state = 'terminated';
    return items.join('');
  }

  private createImage(request: Ec2Request): FakeImage {
    this.machine(request);
    const { Name: name = '' } = request.parameters;
    if (this.images.some((image) => image.name === name && image.state !== 'deregistered'))
      throw new Ec2Error('InvalidAMIName.Duplicate', `AMI name ${name} is already in use.`);
    const { hiddenLooks } = this;
    const image: FakeImage = { id: this.newId('ami'), name, state: 'pending', reason: null, hiddenLooks };
    this.images.push(image);
    return image;
  }

  /** What is pending is available when one looks again. */
  private describeImages(request: Ec2Request): string {
    const { 'Filter.1.Name': filter, 'Filter.1.Value.1': value } = request.parameters;
    const found =
      filter === 'name'
        ? this.images.filter((image) => image.name === value && isShown(image))
        : [this.shownImage(request)];
    const items = found.map(
      ({ id, name, state, reason }) =>
        `<item><imageId>${id}</imageId><name>${escape(name)}</name><imageState>${state}</imageState>${reasonXml(reason)}</item>`,
    );
    for (const image of found) if (image.state === 'pending') image.state = 'available';
    return items.join('');
  }

  private machine({ region, parameters }: Ec2Request): FakeMachine {
    const id = parameters['InstanceId.1'] ?? parameters['InstanceId'];
    const machine = this.machines.find((known) => known.id === id && known.region === region);
    if (!machine) throw new Ec2Error('InvalidInstanceID.NotFound', `The instance ID '${id}' does not exist`);
    return machine;
  }

  private image({ parameters }: Ec2Request): FakeImage {
    const id = parameters['ImageId.1'] ?? parameters['ImageId'] ?? '';
    const image = this.images.find((known) => known.id === id);
    if (!image) throw unknownImage(id);
    return image;
  }

  private shownImage(request: Ec2Request): FakeImage {
    const image = this.image(request);
    if (!isShown(image)) throw unknownImage(image.id);
    return image;
  }

  private newId(prefix: string): string {
    this.counter += 1;
    return `${prefix}-${this.counter.toString(16).padStart(17, '0')}`;
  }

  private xml(name: string, content: string): string {
    return `<?xml version="1.0" encoding="UTF-8"?>\n<${name} xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>${this.newId('req')}</requestId>${content}</${name}>`;
  }
}

const unknownImage = (id: string): Ec2Error =>
  new Ec2Error('InvalidAMIID.NotFound', `The image id '[${id}]' does not exist`);

/** Each look brings a new image nearer to being shown. */
function isShown(image: FakeImage): boolean {
  if (image.hiddenLooks === 0) return true;
  image.hiddenLooks -= 1;
  return false;
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const reasonXml = (reason: string | null): string =>
  reason === null ? '' : `<stateReason><message>${escape(reason)}</message></stateReason>`;

const itemOf = ({ id, clientToken, state, reason }: FakeMachine): string =>
  `<item><instanceId>${id}</instanceId><instanceState><name>${state}</name></instanceState><clientToken>${clientToken}</clientToken>${reasonXml(reason)}</item>`;
