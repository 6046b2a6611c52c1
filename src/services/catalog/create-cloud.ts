import { canonicalCloudType } from '../../domain/catalog/cloud-name';
import { assertDescription, assertName } from '../../domain/text';
import { invalid } from '../../domain/errors';
import { recordAudit } from '../../persistence/access/audit-store';
import { publicCloudName } from '../../persistence/catalog/catalog-cloud-store';
import { insertCloud } from '../../persistence/catalog/cloud-store';
import { unitOfWork, type ActionContext } from '../../persistence/unit-of-work';

export interface CreateCloudInput {
  readonly cloudType: string;
  readonly region: string;
  readonly name: string;
  readonly displayName?: string | null;
  readonly description?: string | null;
  readonly public?: boolean | null;
}

/**
 * Creates a cloud of the account, or, by the operator, a public one. Answers its key. There is no private
 * cloud beside a public one of the same type and region: private images live in the public one.
 */
export async function createCloud(context: ActionContext, input: CreateCloudInput): Promise<string> {
  for (const field of ['cloudType', 'region', 'name'] as const) assertName(input[field], 'input', field);
  if (input.displayName != null) assertName(input.displayName, 'input', 'displayName');
  assertDescription(input.description, 'input', 'description');
  if (input.public && !context.principal.operator)
    throw invalid(
      'Only the operator of this installation creates public clouds: leave `public` out to create one of this account.',
      'input',
      'public',
    );
  const { region, name } = input;
  const cloudType = canonicalCloudType(input.cloudType);
  return unitOfWork(context, async (tx) => {
    const publicName = input.public ? null : await publicCloudName(tx.manager, cloudType, region);
    if (publicName !== null)
      throw invalid(
        `There is already the public cloud "${publicName}" of the type "${cloudType}" with the region "${region}": use that one, or name another region.`,
        'input',
        'region',
      );
    const cloud = {
      accountId: input.public ? null : tx.principal.accountId,
      cloudType,
      region,
      name,
      displayName: input.displayName ?? name,
      description: input.description ?? null,
    };
    const id = await insertCloud(tx.manager, { ...cloud, createdAt: tx.now });
    if (id === null)
      throw invalid(
        `There is already ${input.public ? 'a public cloud' : 'a cloud of this account'} of the type "${cloudType}" with the region "${region}": use that one, or name another region.`,
        'input',
        'region',
      );
    const { accountId: _owner, ...changes } = cloud;
    await recordAudit(tx, {
      action: 'cloud.create',
      objectType: 'Cloud',
      objectId: id,
      changes: { ...changes, public: input.public ?? false },
    });
    return id;
  });
}
