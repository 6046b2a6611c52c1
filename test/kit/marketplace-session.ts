import type { Data, TestAccount } from './api';
import type { Place } from './catalog';
import { done } from './components';
import { ask, asked } from './marketplace';
import {
  canLookAt,
  canRead,
  isMeantFor,
  isOfferedTo,
  keyOfVersion,
  listedFor,
  mayKnow,
  newAccount,
  reachesAll,
  type ModelAccount,
  type ModelGroup,
  type ModelLineage,
  type ModelPublication,
  type ModelVersion,
} from './marketplace-model';
import { commit } from './version-control';

export const MARKET_VERBS = [
  'create',
  'edit',
  'commit',
  'publish',
  'deprecate',
  'reactivate',
  'republish',
  'widen',
  'join',
  'revoke',
  'bring',
  'remove',
] as const;

export interface MarketStep {
  readonly verb: (typeof MARKET_VERBS)[number];
  readonly numbers: readonly number[];
}

interface Player {
  readonly account: TestAccount;
  readonly model: ModelAccount;
  /** With a public image, and with one that only this account sees. */
  readonly places: { readonly open: Place; readonly secret: Place };
}

/** Accounts that publish to one another and import, at random, and the model beside them. */
export class MarketSession {
  readonly groups: ModelGroup[] = [];
  readonly lineages: ModelLineage[] = [];
  readonly publications: ModelPublication[] = [];
  private words = 0;

  private constructor(
    readonly players: readonly Player[],
    private readonly prefix: string,
  ) {}

  static async start(
    accounts: readonly TestAccount[],
    places: (account: TestAccount) => Promise<Player['places']>,
    prefix: string,
  ): Promise<MarketSession> {
    const players: Player[] = [];
    for (const account of accounts) {
      await asked(account, 'setOrganization', { name: `Firm ${prefix}`, email: 'firm@example.com' });
      players.push({ account, model: newAccount(account.name), places: await places(account) });
    }
    const session = new MarketSession(players, prefix);
    for (const { account, model } of players) {
      const { accountGroup } = await asked(account, 'createAccountGroup', { name: session.word('group') });
      session.groups.push({ id: accountGroup.id, owner: model });
    }
    return session;
  }

  /** A word that occurs nowhere else: whoever reads it has read this. */
  private word(kind: string): string {
    this.words += 1;
    return `${kind}x${this.prefix}x${this.words}x`;
  }

  async take({ verb, numbers }: MarketStep): Promise<void> {
    const [who = 0, what = 0, how = 0] = numbers;
    const player = pick(this.players, who);
    if (player !== undefined) await this[verb](player, what, how);
  }

  private async create({ account, model, places }: Player, what: number, how: number): Promise<void> {
    const text = this.word('head');
    const pinnable = [...model.collection.values()].filter(
      ({ version, live }) => live && version.lineage.kind === 'MultiCloudImage',
    );
    const pinned = how % 2 === 1 ? pick(pinnable, what) : undefined;
    const hasPrivateImage = pinned === undefined && what % 7 === 0;
    const head =
      pinned === undefined
        ? await done(account, 'createMultiCloudImage', {
            name: 'mci',
            description: text,
            settings: [(hasPrivateImage ? places.secret : places.open).setting],
          })
        : await done(account, 'createServerTemplate', {
            name: 'template',
            description: text,
            multiCloudImageIds: [pinned.id],
          });
    this.lineages.push({
      kind: pinned === undefined ? 'MultiCloudImage' : 'ServerTemplate',
      owner: model,
      lineageId: head.lineageId,
      headId: head.id,
      hasPrivateImage,
      headVersion: head.version,
      headText: text,
      pins: pinned === undefined ? [] : [pinned.version],
      revisions: [],
      frozen: null,
    });
    await this.commit(this.playerOf(model), this.ownLineages(model).length - 1);
  }

  private async edit({ account, model }: Player, what: number): Promise<void> {
    const lineage = pick(this.ownLineages(model), what);
    if (lineage === undefined) return;
    lineage.headText = this.word('head');
    const head = await done(account, `update${lineage.kind}`, {
      id: lineage.headId,
      expectedVersion: lineage.headVersion,
      description: lineage.headText,
    });
    lineage.headVersion = head.version;
  }

  private async commit({ account, model }: Player, what: number): Promise<void> {
    const lineage = pick(this.ownLineages(model), what);
    if (lineage === undefined || lineage.revisions.at(-1)?.text === lineage.headText) return;
    const head = { id: lineage.headId, version: lineage.headVersion };
    const revision = await commit(account, lineage.kind, head);
    const version: ModelVersion = {
      lineage,
      revision: revision.revision,
      id: revision.id,
      text: lineage.headText,
      publication: null,
    };
    lineage.revisions.push(version);
    model.collection.set(keyOfVersion(version), { version, id: revision.id, text: version.text, live: true });
  }

  private async publish({ account, model }: Player, what: number, how: number): Promise<void> {
    const own = this.groups.filter(({ owner }) => owner === model);
    const lineage = pick(this.ownLineages(model), what);
    if (lineage === undefined) return;
    const ofHead = how % 4 === 1 && own.length > 0;
    const version = ofHead ? headOf(lineage) : pick(lineage.revisions, how);
    if (version === undefined) return;
    const audience = !ofHead && (how % 2 === 0 || own.length === 0) ? null : new Set(own);
    const { userErrors, publication } = await ask(account, `publish${version.lineage.kind}`, {
      id: ofHead ? lineage.headId : version.id,
      shortDescription: 'short',
      ...(audience === null
        ? { visibility: 'PUBLIC' }
        : { visibility: 'PRIVATE', accountGroupIds: own.map(({ id }) => id) }),
    });
    expect(userErrors.map(({ code }: Data) => code)).toEqual(this.publishingRefusals(version, audience));
    if (publication === null) return;
    if (ofHead) {
      lineage.frozen = version;
      version.id = publication.component.id;
    }
    const carried = [{ version, source: null as ModelPublication | null }];
    for (const pin of version.lineage.pins) {
      if (pin.lineage.owner === model) await this.publishAlong(account, pin, audience);
      carried.push({ version: pin, source: pin.lineage.owner === model ? null : pin.publication });
    }
    this.record(publication.id, version, audience, carried);
  }

  private publishingRefusals(version: ModelVersion, audience: Set<ModelGroup> | null): string[] {
    if (version.publication !== null) return ['ALREADY_PUBLISHED'];
    const { lineage } = version;
    if (version.revision > 0 && lineage.pins.some(({ revision }) => revision === 0))
      return ['HEAD_DEPENDENCY'];
    const along = lineage.pins.filter((pin) => pin.lineage.owner === lineage.owner);
    if ([version, ...along].some((carried) => carried.lineage.hasPrivateImage)) return ['PRIVATE_IMAGE'];
    const imported = lineage.pins.filter((pin) => pin.lineage.owner !== lineage.owner);
    const all = this.players.map(({ model }) => model);
    const visible = imported.every(
      ({ publication, revision }) =>
        revision > 0 && publication !== null && reachesAll(all, audience, publication),
    );
    return visible ? [] : ['DEPENDENCY_NOT_VISIBLE'];
  }

  /** what is pinned is published along, or to more. */
  private async publishAlong(
    account: TestAccount,
    pin: ModelVersion,
    audience: ReadonlySet<ModelGroup> | null,
  ): Promise<void> {
    if (pin.publication !== null) {
      if (audience === null) pin.publication.audience = null;
      else for (const group of audience) pin.publication.audience?.add(group);
      return;
    }
    const { multiCloudImage } = await account.query(
      'query($id: ID!) { multiCloudImage(id: $id) { publication { id implicit } } }',
      { id: pin.id },
    );
    expect(multiCloudImage.publication?.implicit).toBe(true);
    this.record(multiCloudImage.publication.id, pin, audience && new Set(audience), [
      { version: pin, source: null },
    ]);
  }

  private record(
    id: string,
    version: ModelVersion,
    audience: Set<ModelGroup> | null,
    carried: ModelPublication['carried'],
  ): void {
    const publication = { id, version, audience, active: true, carried, importers: new Set<ModelAccount>() };
    version.publication = publication;
    this.publications.push(publication);
  }

  private async deprecate(player: Player, what: number): Promise<void> {
    await this.setActive(player, what, 'deprecatePublication', false);
  }

  private async reactivate(player: Player, what: number): Promise<void> {
    await this.setActive(player, what, 'reactivatePublication', true);
  }

  private async setActive({ account, model }: Player, what: number, mutation: string, active: boolean) {
    const publication = pick(this.publications, what);
    if (publication === undefined) return;
    const { userErrors } = await ask(account, mutation, { publicationId: publication.id });
    if (publication.version.lineage.owner === model) {
      expect(userErrors).toEqual([]);
      publication.active = active;
    } else
      expect(userErrors.map(({ code }: Data) => code)).toEqual([
        canLookAt(publication, model) ? 'NOT_EDITABLE' : 'NOT_FOUND',
      ]);
  }

  /** Publishes what became of a HEAD; its subscribers follow, as far as they have access. */
  private async republish({ account, model }: Player, what: number): Promise<void> {
    const publication = pick(
      this.publications.filter(
        ({ version: { lineage, revision } }) => revision === 0 && lineage.owner === model,
      ),
      what,
    );
    if (publication === undefined) return;
    const { version } = publication;
    const payload = await ask(account, 'republish', { publicationId: publication.id });
    const isNew = version.text !== version.lineage.headText;
    expect(payload.userErrors.map(({ code }: Data) => code)).toEqual(isNew ? [] : ['NOTHING_TO_COMMIT']);
    if (!isNew) return;
    version.text = version.lineage.headText;
    version.id = payload.publication.component.id;
    for (const player of this.players) {
      const copy = player.model.collection.get(keyOfVersion(version));
      if (copy?.live && isMeantFor(publication, player.model)) copy.text = version.text;
    }
  }

  /** Makes a private MCI publication public. */
  private async widen({ account, model }: Player, what: number): Promise<void> {
    const publication = pick(
      this.publications.filter(
        ({ version: { lineage, revision }, audience }) =>
          lineage.owner === model && revision > 0 && audience !== null && lineage.kind === 'MultiCloudImage',
      ),
      what,
    );
    if (publication === undefined) return;
    await asked(account, 'updatePublication', { publicationId: publication.id, makePublic: true });
    publication.audience = null;
  }

  private async join({ account, model }: Player, what: number): Promise<void> {
    const group = pick(this.groups, what);
    if (group === undefined || group.owner === model || model.memberOf.has(group)) return;
    const { membershipCode } = await asked(this.playerOf(group.owner).account, 'inviteToAccountGroup', {
      id: group.id,
    });
    await asked(account, 'acceptInvitation', { membershipCode });
    model.memberOf.add(group);
  }

  private async revoke({ account, model }: Player, what: number): Promise<void> {
    const group = pick([...model.memberOf], what);
    if (group === undefined) return;
    await asked(this.playerOf(group.owner).account, 'revokeAccountGroupAccess', {
      id: group.id,
      accountId: account.id,
    });
    model.memberOf.delete(group);
  }

  private async bring({ account, model }: Player, what: number): Promise<void> {
    const publication = pick(this.publications, what);
    if (publication === undefined) return;
    const mutation = publication.version.revision === 0 ? 'subscribePublication' : 'importPublication';
    const payload = await ask(account, mutation, { publicationId: publication.id });
    const codes = payload.userErrors.map(({ code }: Data) => code);
    const { owner } = publication.version.lineage;
    if (owner === model) expect(codes).toEqual(['INVALID']);
    else if (!isOfferedTo(publication, model))
      expect(codes).toEqual([canLookAt(publication, model) ? 'INVALID' : 'NOT_FOUND']);
    else if (
      publication.carried.some(
        ({ version, source }) => source !== null && !isMeantFor(source, model) && !this.has(model, version),
      )
    )
      expect(codes).toEqual(['DEPENDENCY_NOT_VISIBLE']);
    else {
      expect(codes).toEqual([]);
      this.broughtAlong(model, publication, payload);
    }
  }

  private has(model: ModelAccount, version: ModelVersion): boolean {
    return model.collection.get(keyOfVersion(version))?.live ?? false;
  }

  private broughtAlong(model: ModelAccount, publication: ModelPublication, payload: Data): void {
    const answered: Data[] = [...payload.imported, ...payload.reused];
    const expected = publication.carried.map(({ version }) => keyOfVersion(version));
    expect(answered.map(versionKey).sort()).toEqual(expected.toSorted());
    expect(payload.reused.map(versionKey).sort()).toEqual(
      expected.filter((key) => model.collection.get(key)?.live).sort(),
    );
    for (const { version } of publication.carried) {
      const key = keyOfVersion(version);
      const id = answered.find((row) => versionKey(row) === key)?.id;
      const before = model.collection.get(key);
      if (before === undefined) model.collection.set(key, { version, id, text: version.text, live: true });
      else {
        expect(id).toBe(before.id);
        before.live = true;
        // Also what was followed before, and could not be seen for a while.
        before.text = version.text;
      }
    }
    publication.importers.add(model);
    for (const { version } of publication.carried)
      if (version.publication !== null && isMeantFor(version.publication, model))
        version.publication.importers.add(model);
  }

  private async remove({ account, model }: Player, what: number): Promise<void> {
    const copies = [...model.collection.values()].filter(
      ({ version, live }) => live && version.lineage.owner !== model,
    );
    const copy = pick(copies, what);
    if (copy === undefined) return;
    const { lineage } = copy.version;
    const isUsed =
      [...model.collection.values()].some(
        ({ version, live }) => live && version.lineage.pins.some((pin) => pin.lineage === lineage),
      ) || this.ownLineages(model).some(({ pins }) => pins.some((pin) => pin.lineage === lineage));
    const { userErrors } = await ask(account, 'removeImport', { id: copy.id });
    expect(userErrors.map(({ code }: Data) => code)).toEqual(isUsed ? ['IN_USE'] : []);
    if (!isUsed) for (const other of copies) if (other.version.lineage === lineage) other.live = false;
  }

  /** What every account sees now is what the model says. */
  async compare(): Promise<void> {
    for (const player of this.players) await this.compareFor(player);
  }

  private async compareFor({ account, model, places }: Player): Promise<void> {
    const seen = await account.query(EVERYTHING, {
      publications: this.publications.map(({ id }) => id),
      versions: this.versions().map(({ id }) => id),
      cloud: places.open.cloud.id,
    });
    const listed = await every(account, MARKETPLACE, 'marketplace');
    // Others played in the same marketplace before.
    const ours = listed.filter(({ id }) => this.publications.some((publication) => publication.id === id));
    expect(new Set(ours.map(({ id }) => id))).toEqual(listedFor(this.publications, model));
    const visible = this.publications.filter((publication) => canLookAt(publication, model));
    expect(present(seen.publications)).toEqual(new Set(visible.map(({ id }) => id)));
    const readable = this.versions().filter((version) => canRead(this.publications, version, model));
    expect(present(seen.versions)).toEqual(new Set(readable.map(({ id }) => id)));
    const local = [
      ...(await every(account, COLLECTION('multiCloudImages'), 'multiCloudImages')),
      ...(await every(account, COLLECTION('serverTemplates'), 'serverTemplates')),
    ];
    const copies = [...model.collection.values()].filter(({ live }) => live);
    // Own HEADs are their owner's alone.
    const kept = local.filter(({ revision, origin }) => revision > 0 || origin !== 'PRIVATE');
    expect(kept.map((row) => [versionKey(row), row.id, row.description]).sort()).toEqual(
      copies.map(({ version, id, text }) => [keyOfVersion(version), id, text]).sort(),
    );
    this.assertNoLeak(model, [seen, listed, local, await account.query(AROUND)]);
    for (const row of [...seen.versions, ...local])
      if (row?.resolve !== undefined)
        expect(row.resolve).toEqual(
          this.versions().some(
            (version) =>
              keyOfVersion(version) === versionKey(row) &&
              version.lineage.pins.some(({ lineage }) => lineage.hasPrivateImage),
          )
            ? { status: 'BLOCKED', image: null }
            : { status: 'READY', image: { value: { id: places.open.image.id } } },
        );
    await this.compareDiff(account, readable);
    await this.assertNothingFound({ account, model });
  }

  /** The first and the last of a kind that an account reads, or not. */
  private async compareDiff(account: TestAccount, readable: readonly ModelVersion[]): Promise<void> {
    const all = this.versions().filter(({ lineage }) => lineage.kind === 'MultiCloudImage');
    const [from, to] = [all[0], all.at(-1)];
    if (from === undefined || to === undefined || from.text === to.text) return;
    const { diff } = await account.query(DIFF, { from: from.id, to: to.id });
    if (![from, to].every((version) => readable.includes(version))) expect(diff).toBeNull();
    else
      expect(diff.changes.find(({ path }: Data) => path[0] === 'description')).toMatchObject({
        before: from.text,
        after: to.text,
      });
  }

  /** Words that the account must not know occur in none of its answers. */
  private assertNoLeak(model: ModelAccount, answers: unknown): void {
    const text = JSON.stringify(answers);
    expect(this.secretsFor(model).filter((word) => text.includes(word))).toEqual([]);
  }

  /** Nor does its search count what it must not know. */
  private async assertNothingFound({ account, model }: Pick<Player, 'account' | 'model'>): Promise<void> {
    const secret = this.secretsFor(model).at(-1);
    if (secret === undefined) return;
    const found = await account.query(SEARCH, { search: secret });
    expect(Object.values(found).map((connection) => (connection as Data).totalCount)).toEqual([0, 0, 0]);
  }

  /** HEAD texts and revisions of others that it may not read, their people and images. */
  private secretsFor(model: ModelAccount): string[] {
    const known = new Set(
      this.versions()
        .filter((version) => mayKnow(this.publications, version, model))
        .map(({ text }) => text)
        .concat([...model.collection.values()].map(({ text }) => text)),
    );
    const others = this.players.filter((player) => player.model !== model);
    const texts = this.lineages
      .filter(({ owner }) => owner !== model)
      .flatMap(({ headText, revisions }) => [headText, ...revisions.map(({ text }) => text)]);
    return [
      ...texts.filter((text) => !known.has(text)),
      ...others.flatMap(({ account, places }) => [
        account.userKey,
        `User of ${account.name}`,
        places.secret.image.name,
      ]),
    ];
  }

  private versions(): ModelVersion[] {
    return this.lineages.flatMap(({ revisions, frozen }) => (frozen ? [...revisions, frozen] : revisions));
  }

  private ownLineages(model: ModelAccount): ModelLineage[] {
    return this.lineages.filter(({ owner }) => owner === model);
  }

  private playerOf(model: ModelAccount): Player {
    const player = this.players.find((one) => one.model === model);
    if (player === undefined) throw new Error(`${model.name} doesn't play`);
    return player;
  }
}

const headOf = (lineage: ModelLineage): ModelVersion =>
  lineage.frozen ?? {
    lineage,
    revision: 0,
    id: lineage.headId,
    text: lineage.headText,
    publication: null,
  };

const versionKey = (row: Data): string => `${row.lineageId} ${row.revision}`;

const present = (nodes: Data[]): Set<string> => new Set(nodes.flatMap((node) => node?.id ?? []));

const pick = <T>(values: readonly T[], number: number): T | undefined => values[number % values.length];

const PAGE = 'pageInfo { hasNextPage endCursor }';

const VERSION = `id __typename lineageId revision name description tags commitMessage origin committedBy { id name email }
  clonedFrom { id name description } upstreamUpdate { revision component { id description } publication { id } }
  history(first: 20) { edges { node { message by { name email } component { description } parents { description } } } }
  advisories { message } publication { id shortDescription }`;

const EVERYTHING = `query($publications: [ID!]!, $versions: [ID!]!, $cloud: ID!) {
  publications: nodes(ids: $publications) { id ... on Publication { shortDescription revisionNotes accountGroups { id }
    component { ${VERSION} } publisher { name } supportedClouds { name } comments(first: 5) { edges { node { author { name } } } } } }
  versions: nodes(ids: $versions) { id ... on Component { ${VERSION} }
    ... on MultiCloudImage { settings { image { name } imageResourceUid } serverTemplates(first: 20) { edges { node { id description } } } }
    ... on ServerTemplate { resolve(cloudId: $cloud) { status image { value { id } } } multiCloudImages { multiCloudImage { ${VERSION} } updateAvailable { revision component { description } publication { id } } } } } }`;

const MARKETPLACE = `query($after: String) { marketplace(first: 50, after: $after) { totalCount ${PAGE} edges { node {
  id component { id description } accountGroups { id name } } } } }`;

const COLLECTION = (field: string): string =>
  `query($after: String) { ${field}(first: 50, after: $after, filter: { versions: ALL }) { ${PAGE} edges { node {
    ${VERSION} } } } }`;

const AROUND = `{ auditEntries(first: 100) { edges { node { action changes } } }
  myImports(first: 50) { edges { node { component { id description } update { id component { description } } diff { text } } } }
  myPublications(first: 50) { edges { node { id component { description } } } }
  multiCloudImages(first: 50) { edges { node { ${VERSION} } } } serverTemplates(first: 50) { edges { node { ${VERSION} } } }
  users(first: 20) { edges { node { email } } } }`;

const DIFF =
  'query($from: ID!, $to: ID!) { diff(fromId: $from, toId: $to) { changes { path before after } } }';

const SEARCH = `query($search: String!) { marketplace(filter: { search: $search }) { totalCount }
  multiCloudImages(filter: { search: $search, versions: ALL }) { totalCount }
  serverTemplates(filter: { search: $search, versions: ALL }) { totalCount } }`;

async function every(account: TestAccount, source: string, field: string): Promise<Data[]> {
  const rows: Data[] = [];
  for (let after: string | null = null; ;) {
    const data: Data = await account.query(source, { after });
    const { edges, pageInfo } = data[field];
    rows.push(...edges.map(({ node }: Data) => node));
    if (!pageInfo.hasNextPage) return rows;
    after = pageInfo.endCursor;
  }
}
