import { keyOf } from '../../src/domain/global-id';
import { CloudImageTags } from '../../src/entities/catalog/cloud-image';
import type { Data, TestAccount, TestApi } from './api';
import type { Canaries } from './canaries';
import { TestCatalog, type KnownImage, type Place } from './catalog';
import { done } from './components';
import { asked, groupOf, organize, publish } from './marketplace';
import { TestServers } from './servers';
import { clone, commit, edit, KINDS, merge, type Head, type Kind } from './version-control';

/** What is offered to the importer. */
export interface Offers {
  /** Publication of a template that pins an MCI and a script. */
  readonly template: Data;
  /** What must be accepted to import it. */
  readonly eulaId: string;
  /** Publications of HEADs. */
  readonly heads: readonly Data[];
}

/** Makes what a publisher has. */
export class CanaryPublisher {
  readonly secrets: string[] = [];
  private readonly known: TestCatalog;
  private partners = '';
  private others = '';
  /** Of the publisher alone. */
  private hidden!: KnownImage;
  /** Shared with the members until they have imported what names it. */
  private lent!: KnownImage;
  /** HEADs with published revisions. */
  private readonly committed: [Kind, Data][] = [];
  /** HEADs that are published themselves. */
  private readonly followed: [Kind, Data][] = [];

  constructor(
    private readonly api: TestApi,
    private readonly place: Place,
    private readonly account: TestAccount,
    private readonly canaries: Canaries,
  ) {
    this.known = new TestCatalog(api.dataSource);
  }

  private word(label: string): string {
    return this.canaries.word(label);
  }

  private async make(mutation: string, input: object, selection = '__typename'): Promise<Data> {
    const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`.replace(
      /^(add|remove)Tags/i,
      'Tags',
    );
    const data = await this.account.query(
      `mutation ($input: ${type}!) { ${mutation}(input: $input) { ${selection} userErrors { message } } }`,
      { input },
    );
    expect(data[mutation].userErrors).toEqual([]);
    return data[mutation];
  }

  async people(): Promise<void> {
    await this.make('createUser', {
      email: `${this.word('colleague email')}@example.com`,
      name: this.word('colleague name'),
      roles: ['DESIGNER'],
    });
    const { token } = await this.make(
      'createToken',
      { name: this.word('token name'), roles: ['OBSERVER'] },
      'token',
    );
    this.secrets.push(token);
    await this.make('addTags', { id: this.account.id, tags: [this.word('account tag')] });
    await this.webhook();
  }

  private async webhook(): Promise<void> {
    const { webhook, secret } = await this.make(
      'createWebhook',
      {
        url: `https://receiver.example/${this.word('webhook path')}`,
        description: this.word('webhook description'),
        events: ['COMPONENT'],
      },
      'webhook { id } secret',
    );
    const { testWebhook } = await this.account.query(
      'mutation ($id: ID!) { testWebhook(input: { id: $id }) { delivery { id } } }',
      { id: webhook.id },
    );
    await this.api.dataSource.query(
      'UPDATE webhook_deliveries SET payload = $2, last_error = $3 WHERE id = $1',
      [keyOf('WebhookDelivery', testWebhook.delivery.id), this.word('event'), this.word('answer')],
    );
    this.secrets.push(secret);
  }

  async catalog(members: readonly TestAccount[]): Promise<void> {
    const { cloud } = this.place;
    const ownerAccountId = this.account.key;
    const columns = (what: string): object => ({
      ownerAccountId,
      name: this.word(`${what} image name`),
      description: this.word(`${what} image description`),
      operatingSystem: this.word(`${what} image system`),
    });
    this.hidden = await this.known.image(cloud, {
      ...columns('hidden'),
      resourceUid: this.word('hidden image resource'),
      fingerprint: this.word('hidden image fingerprint'),
    });
    this.lent = await this.known.image(cloud, columns('lent'));
    const shared = await this.known.image(cloud, { ownerAccountId, name: 'shared for good' });
    for (const member of members)
      for (const image of [this.lent, shared]) await this.known.share(image, member.key);
    for (const [image, what] of [
      [this.hidden, 'hidden'],
      [this.lent, 'lent'],
      [shared, 'shared'],
      [this.place.image, 'public'],
    ] as const)
      await this.api.dataSource.manager.insert(CloudImageTags, {
        accountId: this.account.key,
        cloudImageId: image.key,
        tags: [this.word(`${what} image tag`)],
      });
    await this.known.place({
      cloud: {
        accountId: this.account.key,
        region: this.word('cloud region'),
        name: this.word('cloud name'),
        displayName: this.word('cloud display name'),
        description: this.word('cloud description'),
      },
      image: { ownerAccountId, name: this.word('private cloud image name') },
      type: { ownerAccountId, name: this.word('private cloud type name') },
    });
    await this.known.instanceType(cloud, { ownerAccountId, name: this.word('instance type name') });
  }

  async groups(importer: TestAccount, member: TestAccount): Promise<void> {
    await organize(this.account);
    this.partners = await groupOf(this.account, [importer, member], this.word('group name'));
    this.others = await groupOf(this.account, [member], this.word('other group name'));
    for (const id of [this.partners, this.others])
      await asked(this.account, 'updateAccountGroup', {
        id,
        expectedVersion: 1,
        description: this.word('group description'),
      });
    const { membershipCode } = await asked(this.account, 'inviteToAccountGroup', { id: this.partners });
    this.secrets.push(membershipCode);
  }

  /** All texts of a HEAD become canaries. */
  private async conceal(kind: Kind, head: Head, what: string, hideImage = true): Promise<Data> {
    const { account } = this;
    const label = (text: string): string => this.word(`${what} ${kind.toLowerCase()} ${text}`);
    let now = await edit(account, kind, head, {
      name: label('name'),
      description: label('description'),
      ...(kind === 'RightScript' && { source: `echo ${label('source')}` }),
    });
    await done(account, 'addTags', { id: now.id, expectedVersion: now.version, tags: [label('tag')] });
    now = { ...now, version: now.version + 1 };
    if (kind === 'MultiCloudImage')
      now = await this.set(now, {
        imageId: (hideImage ? this.hidden : this.lent).id,
        userData: label('user data'),
      });
    return now;
  }

  private set({ id, version }: Head, setting: object): Promise<Data> {
    return done(this.account, 'setMultiCloudImageSetting', {
      ...this.place.setting,
      ...setting,
      multiCloudImageId: id,
      expectedVersion: version,
    });
  }

  /** All texts of a HEAD become such as everyone may read. */
  private async reveal(kind: Kind, head: Head & { tags: string[] }, name: string): Promise<Data> {
    const { account } = this;
    let now = await edit(account, kind, head, {
      name,
      description: `What ${name} is`,
      ...(kind === 'RightScript' && { source: 'echo open' }),
    });
    if (head.tags.length > 0) {
      await done(account, 'removeTags', { id: now.id, expectedVersion: now.version, tags: head.tags });
      now = { ...now, version: now.version + 1 };
    }
    if (kind === 'MultiCloudImage') now = await this.set(now, { imageId: this.lent.id, userData: 'open' });
    return now;
  }

  private async create(kind: Kind, mci?: Data): Promise<Data> {
    if (kind === 'RightScript')
      return done(this.account, 'createRightScript', { name: 'new', source: 'true' });
    if (kind === 'MultiCloudImage')
      return done(this.account, 'createMultiCloudImage', { name: 'new', settings: [this.place.setting] });
    return done(this.account, 'createServerTemplate', {
      name: 'new',
      multiCloudImageIds: mci ? [mci.id] : [],
    });
  }

  /** A lineage with an unpublished ancestor, an unpublished first revision, and another lineage merged into it. */
  private async lineage(kind: Kind, pin?: Data): Promise<Data> {
    const { account } = this;
    const message = (what: string): string => this.word(`${what} ${kind.toLowerCase()} message`);
    const committed = (head: Head, what: string): Promise<Data> =>
      commit(account, kind, head, message(what), true);
    const ancestor = await this.conceal(kind, await this.create(kind, pin), 'ancestor');
    const cloned = await clone(account, kind, await committed(ancestor, 'ancestor'), { name: 'clone' });
    const first = await this.conceal(kind, cloned, 'first');
    await committed(first, 'first');
    const branch = await this.conceal(kind, await clone(account, kind, first, { name: 'branch' }), 'branch');
    await committed(branch, 'branch');
    await this.conceal(kind, branch, 'branch head');
    const { id } = first;
    const merged = await merge(account, kind, await this.read(id), branch);
    return this.reveal(kind, merged, `open ${kind}`);
  }

  private async read(id: string): Promise<Data> {
    const data = await this.account.query(
      `query ($id: ID!) { node(id: $id) { ... on Component { id version tags } } }`,
      { id },
    );
    return data.node;
  }

  /** A template with what it pins, and a HEAD of every kind. */
  async offers(): Promise<Offers> {
    const { account } = this;
    const mciHead = await this.lineage('MultiCloudImage');
    const scriptHead = await this.lineage('RightScript');
    const mci = await commit(account, 'MultiCloudImage', mciHead, 'open');
    const script = await commit(account, 'RightScript', scriptHead, 'open');
    const templateHead = await this.template(mci, script);
    const template = await commit(account, 'ServerTemplate', templateHead, 'open', true);
    const { eulaRevision } = await asked(account, 'createEula', { name: 'Terms', text: 'Be kind.' });
    const publication = await publish(account, 'ServerTemplate', template, {
      groups: [this.partners, this.others],
      allowComments: true,
      eulaRevisionIds: [eulaRevision.id],
    });
    await asked(account, 'commentPublication', { publicationId: publication.id, text: 'Welcome.' });
    this.committed.push(
      ['MultiCloudImage', mciHead],
      ['RightScript', scriptHead],
      ['ServerTemplate', templateHead],
    );
    const heads: Data[] = [];
    for (const kind of KINDS) {
      const head = await this.create(kind, await this.create('MultiCloudImage'));
      heads.push(await publish(account, kind, head, { groups: [this.partners] }));
      this.followed.push([kind, head]);
    }
    await this.servers(keyOf('ServerTemplate', template.id));
    return { template: publication, eulaId: eulaRevision.id, heads };
  }

  /** HEAD pins what will be published, after a time when it pinned something else. */
  private async template(mci: Data, script: Data): Promise<Data> {
    const { account } = this;
    const { id } = await this.lineage('ServerTemplate', await this.unpublished());
    const at = async (): Promise<object> => {
      const { version } = await this.read(id);
      return { serverTemplateId: id, expectedVersion: version };
    };
    const { serverTemplate } = await account.query(
      'query ($id: ID!) { serverTemplate(id: $id) { multiCloudImages { multiCloudImage { id } } } }',
      { id },
    );
    const added = { multiCloudImageId: mci.id, makeDefault: true };
    await done(account, 'addServerTemplateMultiCloudImage', { ...(await at()), ...added });
    for (const { multiCloudImage } of serverTemplate.multiCloudImages) {
      const removed = { multiCloudImageId: multiCloudImage.id };
      await done(account, 'removeServerTemplateMultiCloudImage', { ...(await at()), ...removed });
    }
    await done(account, 'attachScript', { ...(await at()), rightScriptId: script.id, phase: 'BOOT' });
    return this.read(id);
  }

  /** An MCI that nobody else may read. */
  private async unpublished(): Promise<Data> {
    const head = await this.conceal('MultiCloudImage', await this.create('MultiCloudImage'), 'unpublished');
    return done(this.account, 'addMultiCloudImageMatcher', {
      multiCloudImageId: head.id,
      expectedVersion: head.version,
      namePattern: `${this.word('matcher pattern')}*`,
      operatingSystem: this.word('matcher system'),
      pick: 'NEWEST',
      instanceTypes: [this.word('matcher instance type')],
      userData: this.word('matcher user data'),
    });
  }

  /** Servers that use what is published. */
  private async servers(serverTemplateId: string): Promise<void> {
    const servers = new TestServers(this.api.dataSource, this.account);
    const texts = (what: string) => ({
      name: this.word(`${what} name`),
      description: this.word(`${what} description`),
      tags: [this.word(`${what} tag`)],
    });
    const deployment = await servers.deployment(texts('deployment'));
    const launch = { cloudId: this.place.cloud.key, serverTemplateId };
    const server = await servers.server(deployment, {
      ...launch,
      ...texts('server'),
      userData: this.word('server user data'),
    });
    await servers.serverArray(deployment, {
      ...launch,
      ...texts('array'),
      userData: this.word('array user data'),
    });
    const instance = await servers.instance({
      ...launch,
      imageId: this.hidden.key,
      instanceTypeId: this.place.type.key,
      serverId: server.key,
      name: this.word('instance name'),
      tags: [this.word('instance tag')],
      stateReason: this.word('instance reason'),
      resourceUid: this.word('instance resource'),
      userData: this.word('instance user data'),
    });
    await servers.launchOrder(instance, { failure: this.word('order failure') });
  }

  /** What happens once others have got their copies, and the importer must not come to know. */
  async moveOn({ eulaId }: Offers, importer: TestAccount): Promise<void> {
    const { account } = this;
    await this.make('shareCloudImage', { imageId: this.lent.id, removeAccountIds: [importer.id] });
    await asked(account, 'reviseEula', { id: eulaId, text: this.word('eula revision text') });
    await asked(account, 'createEula', {
      name: this.word('draft eula name'),
      text: this.word('draft eula text'),
    });
    for (const [kind, { id }] of this.committed) {
      const head = await this.conceal(kind, await this.read(id), 'next', false);
      const next = await commit(account, kind, head, this.word(`next ${kind} message`), true);
      await publish(account, kind, next, {
        groups: [this.others],
        shortDescription: undefined,
        revisionNotes: this.word(`next ${kind} notes`),
      });
    }
    for (const [kind, { id }] of [...this.committed, ...this.followed])
      await this.conceal(kind, await this.read(id), 'head');
    for (const [, { id }] of this.committed.filter(([kind]) => kind === 'ServerTemplate')) {
      const { version } = await this.read(id);
      const added = { multiCloudImageId: (await this.unpublished()).id };
      await done(account, 'addServerTemplateMultiCloudImage', {
        serverTemplateId: id,
        expectedVersion: version,
        ...added,
      });
    }
    const { id } = await this.publishHidden('deprecated', {});
    await asked(account, 'deprecatePublication', { publicationId: id });
    await this.publishHidden('other group', { groups: [this.others] });
  }

  /** A publication whose texts are canaries. */
  private async publishHidden(what: string, audience: object): Promise<Data> {
    const head = await this.conceal('RightScript', await this.create('RightScript'), what);
    const revision = await commit(this.account, 'RightScript', head, this.word(`${what} message`));
    return publish(this.account, 'RightScript', revision, {
      ...audience,
      shortDescription: this.word(`${what} short description`),
      longDescription: this.word(`${what} long description`),
      categories: [this.word(`${what} category`)],
      revisionNotes: this.word(`${what} notes`),
    });
  }
}
