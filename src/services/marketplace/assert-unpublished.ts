import { DomainError } from '../../domain/errors';
import { COMPONENT_NAMES, type ComponentType } from '../../domain/versioning/component-type';
import { lineagePublished } from '../../persistence/marketplace/publication-store';
import type { Transaction } from '../../persistence/unit-of-work';

/**
 * R-4.5, R-5.5: what an account published, also along with a template or frozen in one, is never deleted.
 *
 * @param lineage all its versions, locked
 * @throws DomainError PUBLISHED
 */
export async function assertUnpublished(
  tx: Transaction,
  type: ComponentType,
  lineage: readonly { readonly id: string; readonly lineageId: string; readonly accountId: string }[],
): Promise<void> {
  const [version] = lineage;
  if (version === undefined) return;
  const ids = lineage.map(({ id }) => id);
  const { accountId, lineageId } = version;
  const { published, taken, carriers } = await lineagePublished(tx.manager, type, accountId, lineageId, ids);
  const name = COMPONENT_NAMES[type];
  if (published)
    throw new DomainError(
      'PUBLISHED',
      `Cannot delete as this account published the ${name}: what was published stays. ` +
        'Hide it from the marketplace with `deprecatePublication`.',
      { path: ['input', 'id'] },
    );
  if (taken)
    throw new DomainError(
      'PUBLISHED',
      `Cannot delete as the ${name} was published as part of a HEAD, and other accounts have it from there: what was published stays.`,
      { path: ['input', 'id'] },
    );
  if (carriers.length > 0)
    throw new DomainError(
      'PUBLISHED',
      `Cannot delete as the ${name} is part of the published HEAD of ${carriers.map((carrier) => `"${carrier}"`).join(', ')}: ` +
        'take it out of it and republish (`republish`).',
      { path: ['input', 'id'] },
    );
}
