import type { EntityManager } from 'typeorm';
import type { Viewer } from '../../domain/access/viewer';
import type { OrganizationFields } from '../../domain/marketplace/organization';
import { Organization } from '../../entities/marketplace/organization';
import { selectRows, type Row } from '../select';
import { publicationVisible } from '../visibility';

/** The account's own, and those whose publications the viewer may look at. @param which SQL behind the account's key */
export const organizationRows = (manager: EntityManager, viewer: Viewer, which: string) =>
  selectRows(manager, Organization, 'organization')
    .where(`organization.account_id ${which}`)
    .andWhere(
      `(organization.account_id = :viewer OR EXISTS (SELECT FROM publications AS publication
        WHERE publication.account_id = organization.account_id AND ${publicationVisible('publication')}))`,
      { viewer: viewer.accountId },
    );

export const organizationsByAccount = (
  manager: EntityManager,
  viewer: Viewer,
  accountIds: readonly string[],
): Promise<Row<Organization>[]> =>
  organizationRows(manager, viewer, '= ANY(:accountIds)').setParameter('accountIds', accountIds).getRawMany();

const rowOf = (manager: EntityManager, accountId: string) =>
  selectRows(manager, Organization, 'organization').where('organization.account_id = :accountId', {
    accountId,
  });

/** What an account publishes as; `null`: it has not said yet. */
export async function organizationOf(
  manager: EntityManager,
  accountId: string,
): Promise<Row<Organization> | null> {
  return (await rowOf(manager, accountId).getRawOne<Row<Organization>>()) ?? null;
}

/** The same, locked against changes until the transaction ends. */
export async function lockOrganization(
  manager: EntityManager,
  accountId: string,
): Promise<Row<Organization> | null> {
  const query = rowOf(manager, accountId).setLock('pessimistic_write');
  return (await query.getRawOne<Row<Organization>>()) ?? null;
}

/** `false`: the account has one already, and nothing was changed. */
export async function insertOrganization(
  manager: EntityManager,
  accountId: string,
  fields: OrganizationFields,
  now: Date,
): Promise<boolean> {
  const inserted = await manager
    .createQueryBuilder()
    .insert()
    .into(Organization)
    .values({ ...fields, accountId, createdAt: now, updatedAt: now })
    .orIgnore()
    .returning('account_id')
    .updateEntity(false)
    .execute();
  return (inserted.raw as unknown[]).length > 0;
}

export async function updateOrganization(
  manager: EntityManager,
  accountId: string,
  fields: OrganizationFields,
  now: Date,
): Promise<void> {
  await manager.update(Organization, { accountId }, { ...fields, updatedAt: now });
}
