import { randomUUID } from 'node:crypto';
import type { EntityManager, EntityTarget, ObjectLiteral } from 'typeorm';
import { toGlobalId } from '../../src/domain/global-id';
import type { ComponentType } from '../../src/domain/versioning/component-type';
import { AccessToken } from '../../src/entities/access/access-token';
import { AccountGroup, AccountGroupMember } from '../../src/entities/marketplace/account-group';
import { AuditEntry } from '../../src/entities/access/audit-entry';
import type { Component } from '../../src/entities/components/component';
import { Eula, EulaRevision } from '../../src/entities/marketplace/eula';
import { ImportedVersion } from '../../src/entities/marketplace/imported-version';
import { MultiCloudImage } from '../../src/entities/components/multi-cloud-image';
import { MultiCloudImageSetting } from '../../src/entities/components/multi-cloud-image-setting';
import { PublicationAccountGroup } from '../../src/entities/marketplace/publication';
import { PublicationComment } from '../../src/entities/marketplace/publication-feedback';
import { RightScript } from '../../src/entities/components/right-script';
import { ServerTemplate, ServerTemplateMultiCloudImage } from '../../src/entities/components/server-template';
import { ServerTemplateScript } from '../../src/entities/components/server-template-script';
import { Membership, User } from '../../src/entities/access/user';
import { Webhook, WebhookDelivery } from '../../src/entities/events/webhook';
import type { TestAccount, TestApi } from './api';
import { TestCatalog, type Known, type Place } from './catalog';
import {
  insertMultiCloudImageRevision,
  insertRightScriptRevision,
  insertServerTemplateRevision,
} from './revisions';
import { TestServers } from './servers';

/** Where a row stands, whatever its list sorts by: below the others, as equal as can be to the middle ones, or above. */
export type Rank = 'LOW' | 'MIDDLE' | 'HIGH';

const NAMES: Record<Rank, string> = { LOW: 'alpha', MIDDLE: 'twin', HIGH: 'zulu' };
const TIMES: Record<Rank, Date> = {
  LOW: new Date('2021-01-01T00:00:00.123Z'),
  MIDDLE: new Date('2022-01-01T00:00:00.123Z'),
  HIGH: new Date('2023-01-01T00:00:00.123Z'),
};
const NUMBERS: Record<Rank, number> = { LOW: 1, MIDDLE: 2, HIGH: 3 };
const KEY_BEGINS: Record<Rank, string> = { LOW: '0', MIDDLE: '8', HIGH: 'f' };

/** A new row's key: what else is equal is told apart by it. */
const keyOf = (rank: Rank): string => `${KEY_BEGINS[rank]}${randomUUID().slice(1)}`;

/** A list of one account. */
export interface Rows {
  /** Global id of the node whose field the list is; without one it is a root field. */
  readonly of?: string;
  /** Commits one more row. */
  readonly add: (rank: Rank) => Promise<unknown>;
}

/** How a connection is reached and filled. */
export interface ConnectionRows {
  /** For a list of a type that is no node: the node's type, and its field that leads there. */
  readonly through?: { readonly type: string; readonly field: string };
  /** What is selected of its nodes to tell them apart; `id` unless told. */
  readonly key?: string;
  /** Arguments that an order can't do without. */
  readonly needs?: Readonly<Record<string, string>>;
  /** Rows only come at the newest end: they are numbered. */
  readonly numbered?: true;
  readonly fill: (world: World) => Promise<Rows> | Rows;
}

type ComponentColumns = Partial<Component> & Partial<Pick<ServerTemplate, 'defaultMciLineageId'>>;

/** An account with rows that nobody else sees, put straight into the tables. */
export class World {
  private readonly catalog: TestCatalog;
  readonly servers: TestServers;

  constructor(
    readonly api: TestApi,
    readonly account: TestAccount,
  ) {
    this.catalog = new TestCatalog(api.dataSource);
    this.servers = new TestServers(api.dataSource, account);
  }

  async insert<E extends ObjectLiteral>(entity: EntityTarget<E>, columns: Partial<E>): Promise<void> {
    await this.api.dataSource.manager.insert(entity, columns);
  }

  cloud = (rank: Rank = 'MIDDLE'): Promise<Known> =>
    this.catalog.cloud({ accountId: this.account.key, name: NAMES[rank] });

  /** The lowest was never published. */
  image = (cloud: Known, rank: Rank = 'MIDDLE'): Promise<Known> =>
    this.catalog.image(cloud, {
      ownerAccountId: this.account.key,
      name: NAMES[rank],
      publishedAt: rank === 'LOW' ? null : TIMES[rank],
    });

  instanceType = (cloud: Known, rank: Rank = 'MIDDLE'): Promise<Known> =>
    this.catalog.instanceType(cloud, {
      ownerAccountId: this.account.key,
      name: NAMES[rank],
      resourceUid: randomUUID(),
    });

  place = (): Promise<Place> =>
    this.catalog.place({
      cloud: { accountId: this.account.key },
      image: { ownerAccountId: this.account.key },
      type: { ownerAccountId: this.account.key },
    });

  /** HEAD of a lineage of its own. */
  async head(
    type: ComponentType,
    rank: Rank = 'MIDDLE',
    columns: ComponentColumns = {},
    manager: EntityManager = this.api.dataSource.manager,
  ): Promise<Head> {
    const [key, lineageId] = [randomUUID(), randomUUID()];
    const row = {
      id: key,
      accountId: this.account.key,
      lineageId,
      revision: 0,
      name: NAMES[rank],
      tags: [],
      createdAt: TIMES[rank],
      updatedAt: TIMES[rank],
      ...(type === 'RightScript' && { source: 'true' }),
      ...columns,
    };
    await manager.insert(COMPONENTS[type], row);
    return { key, lineageId, id: toGlobalId(type, key) };
  }

  /** A template that names the MCI, its default. */
  templateOf(mci: Head, rank: Rank = 'MIDDLE'): Promise<Head> {
    return this.api.dataSource.transaction(async (manager) => {
      const columns = { defaultMciLineageId: mci.lineageId };
      const template = await this.head('ServerTemplate', rank, columns, manager);
      await manager.insert(ServerTemplateMultiCloudImage, {
        serverTemplateId: template.key,
        mciLineageId: mci.lineageId,
        multiCloudImageId: mci.key,
        position: 0,
      });
      return template;
    });
  }

  async templateRunning(script: Head, rank: Rank): Promise<void> {
    const template = await this.head('ServerTemplate', rank);
    await this.insert(ServerTemplateScript, {
      serverTemplateId: template.key,
      phase: 'BOOT',
      scriptLineageId: script.lineageId,
      rightScriptId: script.key,
      position: 0,
    });
  }

  /** An MCI whose setting for the place's cloud names its image. */
  async mciFor(place: Place, rank: Rank = 'MIDDLE'): Promise<Head> {
    const mci = await this.head('MultiCloudImage', rank);
    await this.insert(MultiCloudImageSetting, {
      id: keyOf(rank),
      multiCloudImageId: mci.key,
      cloudId: place.cloud.key,
      imageId: place.image.key,
      instanceTypeId: place.type.key,
    });
    return mci;
  }

  /** Where servers are defined, and what they launch. */
  async ground(): Promise<Ground> {
    const place = await this.place();
    const mci = await this.mciFor(place);
    const template = await this.templateOf(mci);
    const deployment = await this.servers.deployment();
    const launch = { cloudId: place.cloud.key, serverTemplateId: template.key };
    const array = await this.servers.serverArray(deployment, launch);
    return { place, mci, template, deployment, array, launch };
  }

  /** The last launched runs; of a server only one may. */
  instance = (
    { place, launch }: Ground,
    rank: Rank,
    owner: { readonly serverId: string } | { readonly serverArrayId: string },
  ): Promise<Known> =>
    this.servers.instance({
      ...launch,
      imageId: place.image.key,
      instanceTypeId: place.type.key,
      launchedAt: TIMES[rank],
      ...('serverId' in owner && { state: 'TERMINATED', terminatedAt: new Date() }),
      ...owner,
    });

  /** Of another account, whose name begins so. @returns its key */
  async accountNamed(name: string): Promise<string> {
    return (await this.api.account({ name: `${name} ${randomUUID()}` })).key;
  }

  async accountGroup(rank: Rank = 'MIDDLE'): Promise<{ readonly key: string; readonly id: string }> {
    const key = randomUUID();
    await this.insert(AccountGroup, {
      id: key,
      accountId: this.account.key,
      name: NAMES[rank],
      createdAt: TIMES[rank],
      updatedAt: TIMES[rank],
    });
    return { key, id: toGlobalId('AccountGroup', key) };
  }

  async webhook(rank: Rank = 'MIDDLE'): Promise<{ readonly key: string; readonly id: string }> {
    const key = randomUUID();
    await this.insert(Webhook, {
      id: key,
      accountId: this.account.key,
      url: 'https://receiver.example',
      events: ['COMPONENT'],
      secret: Buffer.alloc(32),
      afterPosition: '0',
      createdAt: TIMES[rank],
      updatedAt: TIMES[rank],
    });
    return { key, id: toGlobalId('Webhook', key) };
  }

  /** Offered to everyone: found by "twin", the better the higher, and as often rated and imported. */
  async publication(rank: Rank = 'MIDDLE'): Promise<string> {
    const [key, lineageId] = [randomUUID(), randomUUID()];
    const { dataSource } = this.api;
    await dataSource.query(
      `INSERT INTO published_lineages (lineage_id, account_id, component_type, short_description, updated_at)
       VALUES ($1, $2, 'RightScript', 'What it is for', $3)`,
      [lineageId, this.account.key, TIMES[rank]],
    );
    await dataSource.query(
      `INSERT INTO publications (id, account_id, component_type, lineage_id, revision, component_id, content_id, name, visibility,
         status, import_count, rating_sum, rating_count, published_at, updated_at, search)
       VALUES ($1, $2, 'RightScript', $3, 1, $4, $4, $5, 'PUBLIC', 'ACTIVE', $6, $6, 1, $7, $7, setweight('twin:1', $8))`,
      [
        key,
        this.account.key,
        lineageId,
        randomUUID(),
        NAMES[rank],
        NUMBERS[rank],
        TIMES[rank],
        { LOW: 'D', MIDDLE: 'C', HIGH: 'A' }[rank],
      ],
    );
    return key;
  }
}

interface Head {
  readonly key: string;
  readonly lineageId: string;
  readonly id: string;
}

interface Ground {
  readonly place: Place;
  readonly mci: Head;
  readonly template: Head;
  readonly deployment: Known;
  readonly array: Known;
  readonly launch: { readonly cloudId: string; readonly serverTemplateId: string };
}

const COMPONENTS: Record<ComponentType, EntityTarget<Component>> = {
  MultiCloudImage,
  ServerTemplate,
  RightScript,
};

const REVISIONS = {
  MultiCloudImage: insertMultiCloudImageRevision,
  ServerTemplate: insertServerTemplateRevision,
  RightScript: insertRightScriptRevision,
} as const;

const components = (type: ComponentType): ConnectionRows => ({
  fill: (world) => ({ add: (rank) => world.head(type, rank) }),
});

const history = (type: ComponentType): ConnectionRows => ({
  key: 'message',
  numbered: true,
  fill: async (world) => {
    const { id, lineageId } = await world.head(type);
    let number = 0;
    return {
      of: id,
      add: () =>
        world.api.dataSource.query(
          `INSERT INTO history_entries (account_id, lineage_id, number, component_type, event, component_id, message, at)
           VALUES ($1, $2, $3, $4, 'COMMITTED', gen_random_uuid(), 'commit ' || $3::int, now())`,
          [world.account.key, lineageId, ++number, type],
        ),
    };
  },
});

const revisions = (type: ComponentType): ConnectionRows => ({
  numbered: true,
  fill: async (world) => {
    const { id } = await world.head(type);
    return { of: id, add: () => REVISIONS[type](world.api.dataSource, id) };
  },
});

/** Servers or arrays of a deployment on this ground, seen from what they are made of. */
const defined = (
  kind: 'server' | 'serverArray',
  of: (ground: Ground) => string | undefined,
  through?: ConnectionRows['through'],
): ConnectionRows => ({
  ...(through && { through }),
  fill: async (world) => {
    const ground = await world.ground();
    return {
      of: of(ground),
      add: (rank) => world.servers[kind](ground.deployment, { ...ground.launch, name: NAMES[rank] }),
    };
  },
});

const USAGE = { type: 'CloudImage', field: 'usedBy' } as const;
const ofImage = ({ place }: Ground): string => place.image.id;
const ofMci = ({ mci }: Ground): string => mci.id;
const ofTemplate = ({ template }: Ground): string => template.id;
const ofDeployment = ({ deployment }: Ground): string => deployment.id;
const ofRoot = (): undefined => undefined;

/** Instances of an array, or the past ones of a server. */
const launched = (
  owner: 'server' | 'serverArray',
  of: (ground: Ground, owner: Known) => string | undefined,
  through?: ConnectionRows['through'],
): ConnectionRows => ({
  ...(through && { through }),
  fill: async (world) => {
    const ground = await world.ground();
    const definition = await world.servers[owner](ground.deployment, ground.launch);
    const { key } = definition;
    return {
      of: of(ground, definition),
      add: (rank) =>
        world.instance(ground, rank, owner === 'server' ? { serverId: key } : { serverArrayId: key }),
    };
  },
});

const cloudsOfMci: ConnectionRows['fill'] = async (world) => ({
  of: (await world.head('MultiCloudImage')).id,
  add: world.cloud,
});

/**
 * Every connection of the schema by type and field, and how rows come into it: test/api/reading-pages finds the fields by
 * introspection, and refuses one that isn't here. Rows must be committed before `add` ends.
 */
export const CONNECTIONS: Readonly<Record<string, ConnectionRows>> = {
  'Query.accessTokens': {
    fill: (world) => ({
      add: (rank) =>
        world.insert(AccessToken, {
          id: randomUUID(),
          accountId: world.account.key,
          name: 'token',
          tokenHash: Buffer.from(randomUUID().replaceAll('-', '').repeat(2), 'hex'),
          roles: ['OBSERVER'],
          createdAt: TIMES[rank],
        }),
    }),
  },
  'Query.accountGroups': { fill: (world) => ({ add: (rank) => world.accountGroup(rank) }) },
  'Query.auditEntries': {
    fill: (world) => ({
      add: (rank) =>
        world.insert(AuditEntry, {
          id: randomUUID(),
          accountId: world.account.key,
          actor: 'someone',
          action: 'cloud.update',
          objectType: 'Cloud',
          changes: {},
          at: TIMES[rank],
        }),
    }),
  },
  'Query.cloudImages': {
    fill: async (world) => {
      const cloud = await world.cloud();
      return { add: (rank) => world.image(cloud, rank) };
    },
  },
  'Query.clouds': { fill: (world) => ({ add: world.cloud }) },
  'Query.deployments': {
    fill: (world) => ({ add: (rank) => world.servers.deployment({ name: NAMES[rank] }) }),
  },
  'Query.eulas': {
    fill: (world) => ({
      add: async (rank) => {
        const eulaId = randomUUID();
        await world.insert(Eula, {
          id: eulaId,
          accountId: world.account.key,
          name: NAMES[rank],
          createdAt: TIMES[rank],
        });
        const text = { id: randomUUID(), eulaId, revision: 1, text: 'Be good.', createdAt: TIMES[rank] };
        await world.insert(EulaRevision, text);
      },
    }),
  },
  'Query.instances': launched('serverArray', ofRoot),
  'Query.instanceTypes': {
    fill: async (world) => {
      const cloud = await world.cloud();
      return { add: (rank) => world.instanceType(cloud, rank) };
    },
  },
  'Query.launchOrders': {
    fill: async (world) => {
      const ground = await world.ground();
      return {
        add: async (rank) => {
          const instance = await world.instance(ground, rank, { serverArrayId: ground.array.key });
          await world.servers.launchOrder(instance, { createdAt: TIMES[rank] });
        },
      };
    },
  },
  'Query.marketplace': {
    needs: { RELEVANCE: 'filter: { search: "twin" }' },
    fill: (world) => ({ add: (rank) => world.publication(rank) }),
  },
  'Query.multiCloudImages': components('MultiCloudImage'),
  'Query.myImports': {
    key: 'component { id }',
    fill: async (world) => {
      const publicationId = await world.publication();
      const original = await world.head('RightScript');
      return {
        add: async (rank) => {
          const script = await world.head('RightScript', rank, { originalId: original.key });
          await world.insert(ImportedVersion, {
            versionId: script.key,
            accountId: world.account.key,
            componentType: 'RightScript',
            lineageId: script.lineageId,
            revision: 0,
            publicationId,
            importedAt: TIMES[rank],
          });
        },
      };
    },
  },
  'Query.myPublications': { fill: (world) => ({ add: (rank) => world.publication(rank) }) },
  'Query.rightScripts': components('RightScript'),
  'Query.serverArrays': defined('serverArray', ofRoot),
  'Query.serverTemplates': components('ServerTemplate'),
  'Query.servers': defined('server', ofRoot),
  'Query.webhooks': { fill: (world) => ({ add: (rank) => world.webhook(rank) }) },
  'Query.users': {
    fill: (world) => ({
      add: async (rank) => {
        const [id, createdAt] = [randomUUID(), TIMES[rank]];
        await world.insert(User, { id, email: `${NAMES[rank]}-${id}@example.com`, createdAt });
        await world.insert(Membership, {
          accountId: world.account.key,
          userId: id,
          name: NAMES[rank],
          roles: ['OBSERVER'],
          createdAt,
        });
      },
    }),
  },
  'AccountGroup.accounts': {
    fill: async (world) => {
      const { id, key } = await world.accountGroup();
      return {
        of: id,
        add: async (rank) =>
          world.insert(AccountGroupMember, {
            accountGroupId: key,
            accountId: await world.accountNamed(NAMES[rank]),
            createdAt: TIMES[rank],
          }),
      };
    },
  },
  'AccountGroup.publications': {
    fill: async (world) => {
      const { id, key } = await world.accountGroup();
      return {
        of: id,
        add: async (rank) =>
          world.insert(PublicationAccountGroup, {
            publicationId: await world.publication(rank),
            accountGroupId: key,
          }),
      };
    },
  },
  'Webhook.deliveries': {
    fill: async (world) => {
      const { id, key } = await world.webhook();
      return {
        of: id,
        add: (rank) =>
          world.insert(WebhookDelivery, {
            id: keyOf(rank),
            webhookId: key,
            accountId: world.account.key,
            eventId: randomUUID(),
            type: 'dev.mci-graph.webhook.ping',
            payload: '{}',
            state: 'DELIVERED',
            createdAt: TIMES[rank],
            endedAt: TIMES[rank],
          }),
      };
    },
  },
  'Cloud.images': {
    fill: async (world) => {
      const cloud = await world.cloud();
      return { of: cloud.id, add: (rank) => world.image(cloud, rank) };
    },
  },
  'Cloud.instanceTypes': {
    fill: async (world) => {
      const cloud = await world.cloud();
      return { of: cloud.id, add: (rank) => world.instanceType(cloud, rank) };
    },
  },
  'Deployment.serverArrays': defined('serverArray', ofDeployment),
  'Deployment.servers': defined('server', ofDeployment),
  'ImageUsage.instances': launched('serverArray', ofImage, USAGE),
  'ImageUsage.multiCloudImages': {
    through: USAGE,
    fill: async (world) => {
      const place = await world.place();
      return { of: place.image.id, add: (rank) => world.mciFor(place, rank) };
    },
  },
  'ImageUsage.serverArrays': defined('serverArray', ofImage, USAGE),
  'ImageUsage.serverTemplates': {
    through: USAGE,
    fill: async (world) => {
      const { place, mci } = await world.ground();
      return { of: place.image.id, add: (rank) => world.templateOf(mci, rank) };
    },
  },
  'ImageUsage.servers': defined('server', ofImage, USAGE),
  'ImageUsage.settings': {
    through: USAGE,
    fill: async (world) => {
      const place = await world.place();
      return { of: place.image.id, add: (rank) => world.mciFor(place, rank) };
    },
  },
  'MultiCloudImage.coverage': { key: 'cloud { id }', fill: cloudsOfMci },
  'MultiCloudImage.history': history('MultiCloudImage'),
  'MultiCloudImage.missingClouds': { fill: cloudsOfMci },
  'MultiCloudImage.revisions': revisions('MultiCloudImage'),
  'MultiCloudImage.serverArrays': defined('serverArray', ofMci),
  'MultiCloudImage.serverTemplates': {
    fill: async (world) => {
      const mci = await world.head('MultiCloudImage');
      return { of: mci.id, add: (rank) => world.templateOf(mci, rank) };
    },
  },
  'MultiCloudImage.servers': defined('server', ofMci),
  'Publication.comments': {
    fill: async (world) => {
      const publicationId = await world.publication();
      return {
        of: toGlobalId('Publication', publicationId),
        add: (rank) =>
          world.insert(PublicationComment, {
            id: randomUUID(),
            publicationId,
            accountId: world.account.key,
            userId: null,
            text: 'Good.',
            createdAt: TIMES[rank],
          }),
      };
    },
  },
  'RightScript.history': history('RightScript'),
  'RightScript.revisions': revisions('RightScript'),
  'RightScript.serverTemplates': {
    fill: async (world) => {
      const script = await world.head('RightScript');
      return { of: script.id, add: (rank) => world.templateRunning(script, rank) };
    },
  },
  'Server.instances': launched('server', (_ground, server) => server.id),
  'ServerArray.instances': launched('serverArray', (_ground, array) => array.id),
  'ServerTemplate.history': history('ServerTemplate'),
  'ServerTemplate.revisions': revisions('ServerTemplate'),
  'ServerTemplate.serverArrays': defined('serverArray', ofTemplate),
  'ServerTemplate.servers': defined('server', ofTemplate),
};
