import type { DataSource } from 'typeorm';
import { toGlobalId } from '../domain/global-id';
import type { ResolvePlaceholder } from '../http/explorer-examples';
import { createLoaders, type Loaders } from '../loaders/loaders';
import { MultiCloudImage } from '../entities/components/multi-cloud-image';
import { ServerTemplate } from '../entities/components/server-template';
import { headByName } from '../persistence/components/head-by-name';
import { findMember } from '../persistence/access/member-by-email';
import { DEMO_ACCOUNT, DEMO_EMAIL } from './demo-accounts';

/** Ids of demo data for the saved queries of the explorer page. */
export function explorerPlaceholders(dataSource: DataSource): ResolvePlaceholder {
  const { manager } = dataSource;
  return async (kind, name) => {
    const member = await findMember(manager, DEMO_ACCOUNT, DEMO_EMAIL);
    if (member === null) return null;
    const viewer = { accountId: member.accountId, now: new Date() };
    const loaders = createLoaders(manager, viewer);
    switch (kind) {
      case 'multiCloudImage':
        return idOf('MultiCloudImage', await headByName(manager, MultiCloudImage, viewer.accountId, name));
      case 'serverTemplate':
        return idOf('ServerTemplate', await headByName(manager, ServerTemplate, viewer.accountId, name));
      default:
        return catalogId(loaders, kind, name);
    }
  };
}

const idOf = (type: 'MultiCloudImage' | 'ServerTemplate', key: string | null) =>
  key === null ? null : toGlobalId(type, key);

async function catalogId(
  loaders: Loaders,
  kind: 'cloud' | 'cloudImage' | 'instanceType',
  name: string,
): Promise<string | null> {
  const [cloudType = '', region = '', ...rest] = name.split('/');
  const resourceUid = rest.join('/');
  if (kind === 'cloud') {
    const cloud = await loaders.cloudByNaturalKey.load({ cloudType, region });
    return cloud && toGlobalId('Cloud', cloud.id);
  }
  if (kind === 'cloudImage') {
    const image = await loaders.imageByNaturalKey.load({ cloudType, region, resourceUid });
    return image && toGlobalId('CloudImage', image.id);
  }
  const type = await loaders.instanceTypeByNaturalKey.load({ cloudType, region, resourceUid });
  return type && toGlobalId('InstanceType', type.id);
}
