import type { EntityManager } from 'typeorm';
import type { Viewer } from '../../domain/access/viewer';
import type { Role } from '../../domain/access/roles';
import type { TokenFacts } from '../../domain/access/token-principal';
import { AccessToken } from '../../entities/access/access-token';
import type { ListQuery } from '../keyset-page';
import { queryAlone } from '../prepared-statement';
import { selectRows } from '../select';

/** What `TOKEN_BY_HASH` gives. */
interface TokenRow {
  id: string;
  name: string;
  roles: Role[] | null;
  expiresAt: Date | null;
  revokedAt: Date | null;
  accountId: string;
  accountName: string;
  operator: boolean;
  userId: string | null;
  email: string;
  /** `null`: the user is no member any more. */
  userRoles: Role[] | null;
}

/** Every request begins with this statement: its text is constant. `$1`: the hash of the token. */
export const TOKEN_BY_HASH = `
  SELECT token.id, token.name, token.roles, token.expires_at AS "expiresAt", token.revoked_at AS "revokedAt",
         account.id AS "accountId", account.name AS "accountName", account.operator,
         person.id AS "userId", person.email, membership.roles AS "userRoles"
    FROM access_tokens AS token
    JOIN accounts AS account ON account.id = token.account_id
    LEFT JOIN users AS person ON person.id = token.user_id
    LEFT JOIN memberships AS membership
           ON membership.account_id = token.account_id AND membership.user_id = token.user_id
   WHERE token.token_hash = $1`;

/** A row of `TOKEN_BY_HASH` as `to_json` writes it. */
export type TokenJson = Omit<TokenRow, 'expiresAt' | 'revokedAt'> &
  Readonly<Record<'expiresAt' | 'revokedAt', string | null>>;

export function tokenFromJson(row: TokenJson): TokenFacts {
  const { expiresAt, revokedAt } = row;
  return toTokenFacts(
    row,
    expiresAt === null ? null : new Date(expiresAt),
    revokedAt === null ? null : new Date(revokedAt),
  );
}

/** A token, also one that is revoked or expired, with what its user may do now. */
export async function tokenByHash(manager: EntityManager, hash: Buffer): Promise<TokenFacts | null> {
  const rows = await queryAlone<TokenRow>(manager.connection, TOKEN_BY_HASH, [hash]);
  return rows[0] === undefined ? null : toTokenFacts(rows[0], rows[0].expiresAt, rows[0].revokedAt);
}

function toTokenFacts(
  row: Omit<TokenRow, 'expiresAt' | 'revokedAt'>,
  expiresAt: Date | null,
  revokedAt: Date | null,
): TokenFacts {
  const { id, name, roles } = row;
  return {
    id,
    name,
    roles,
    expiresAt,
    revokedAt,
    account: { id: row.accountId, name: row.accountName, operator: row.operator },
    user: row.userId === null ? null : { id: row.userId, email: row.email, roles: row.userRoles ?? [] },
  };
}

export type NewToken = Pick<
  AccessToken,
  'id' | 'accountId' | 'userId' | 'name' | 'tokenHash' | 'roles' | 'expiresAt' | 'createdAt'
>;

export async function insertToken(manager: EntityManager, token: NewToken): Promise<void> {
  await manager.insert(AccessToken, { ...token, revokedAt: null });
}

/** `false`: the account has no such token, or it was revoked before. */
export async function markRevoked(
  manager: EntityManager,
  accountId: string,
  id: string,
  now: Date,
): Promise<boolean> {
  const revoked = await manager
    .createQueryBuilder()
    .update(AccessToken)
    .set({ revokedAt: now })
    .where('id = :id AND account_id = :accountId AND revoked_at IS NULL', { id, accountId })
    .execute();
  return revoked.affected === 1;
}

/** The account that a token belongs to; `null` when there is no such token. */
export async function accountOfToken(manager: EntityManager, id: string): Promise<string | null> {
  const row = await manager
    .createQueryBuilder(AccessToken, 'token')
    .select('token.account_id', 'accountId')
    .where('token.id = :id', { id })
    .getRawOne<{ accountId: string }>();
  return row?.accountId ?? null;
}

/** The tokens of the viewer's account, newest first. */
export function accessTokenList(viewer: Viewer): ListQuery<AccessToken> {
  return {
    name: 'accessTokens',
    order: {
      keys: [
        { expression: 'token.created_at', property: 'createdAt', type: 'timestamptz' },
        { expression: 'token.id', property: 'id', type: 'uuid' },
      ],
      descending: true,
    },
    rows: (manager) =>
      selectRows(manager, AccessToken, 'token').where('token.account_id = :viewer', {
        viewer: viewer.accountId,
      }),
  };
}
