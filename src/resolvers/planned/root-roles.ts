import { getMetadataStorage } from 'type-graphql';
import { ROLES, type Role } from '../../domain/access/roles';

const isRole = (role: unknown): role is Role => ROLES.some((known) => known === role);

/** A gateway's references are resolved for whoever may read (federation/reference-resolvers.ts). */
const REFERENCES: readonly Role[] = ['OBSERVER'];

/** The roles of which one is needed for a root field, as its resolver says; none when that says nothing. */
export function rolesOfRoot(name: string): readonly Role[] {
  if (name === '_entities') return REFERENCES;
  const query = getMetadataStorage().queries.find(({ schemaName }) => schemaName === name);
  return query?.roles?.filter(isRole) ?? [];
}
