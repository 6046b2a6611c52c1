import { Arg, Authorized, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { Account } from '../../entities/access/account';
import { Organization } from '../../entities/marketplace/organization';
import type { RequestContext } from '../../loaders/request-context';
import type { Row } from '../../persistence/select';
import { setOrganization } from '../../services/marketplace/set-organization';
import { mutate } from '../mutate';
import { SetOrganizationInput, SetOrganizationPayload } from '../types/marketplace/organization-inputs';

@Resolver(() => Account)
export class AccountOrganizationResolver {
  @FieldResolver(() => Organization, {
    nullable: true,
    description:
      'As which it publishes; null before it said so, and of another account that has published nothing to this one.',
  })
  organization(@Root() account: Row<Account>, @Ctx() { loaders }: RequestContext) {
    return loaders.organization.load(account.id);
  }
}

@Resolver()
export class OrganizationMutations {
  @Authorized('PUBLISHER')
  @Mutation(() => SetOrganizationPayload, {
    description: 'Says as which this account publishes (R-9.1). The first publication needs it.',
  })
  setOrganization(
    @Arg('input', () => SetOrganizationInput, { description: 'Name, contact and messages.' })
    input: SetOrganizationInput,
    @Ctx() context: RequestContext,
  ) {
    return mutate(
      context,
      () => setOrganization(context, input),
      async (accountId) => ({ organization: await context.loaders.organization.load(accountId) }),
    );
  }
}
