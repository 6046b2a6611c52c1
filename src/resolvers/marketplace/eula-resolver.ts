import { Arg, Args, Authorized, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { keyOf } from '../../domain/global-id';
import { EulaRevision } from '../../entities/marketplace/eula';
import type { RequestContext } from '../../loaders/request-context';
import { eulaList } from '../../persistence/marketplace/eula-store';
import type { Row } from '../../persistence/select';
import { archiveEula } from '../../services/marketplace/archive-eula';
import { createEula } from '../../services/marketplace/create-eula';
import { reviseEula } from '../../services/marketplace/revise-eula';
import { mutate } from '../mutate';
import { EulaRevisionConnection } from '../types/connections';
import {
  ArchiveEulaInput,
  ArchiveEulaPayload,
  CreateEulaInput,
  CreateEulaPayload,
  ReviseEulaInput,
  ReviseEulaPayload,
} from '../types/marketplace/eula-inputs';
import { PageArgs } from '../types/page-args';

@Resolver(() => EulaRevision)
export class EulaResolver {
  @Authorized('PUBLISHER')
  @Query(() => EulaRevisionConnection, {
    description: 'Licence agreements (EULAs) of this account, by name: the newest text of each.',
  })
  eulas(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('includeArchived', () => Boolean, { nullable: true, description: 'Also archived ones.' })
    includeArchived: boolean | null,
    @Ctx() { loaders, viewer }: RequestContext,
  ) {
    return loaders.connections.root(eulaList(viewer, includeArchived === true), page);
  }

  @FieldResolver(() => String, { description: 'The text, at most 500,000 characters.' })
  async text(@Root() revision: Row<EulaRevision>, @Ctx() { loaders }: RequestContext): Promise<string> {
    const found = await loaders.eulaText.load(revision.id);
    if (found === null) throw new Error(`EULA revision ${revision.id} was read but has no text`);
    return found.text;
  }
}

@Resolver()
export class EulaMutations {
  @Authorized('PUBLISHER')
  @Mutation(() => CreateEulaPayload, {
    description: 'Makes a licence agreement with its first text (R-9.7).',
  })
  createEula(
    @Arg('input', () => CreateEulaInput, { description: 'Name and text.' }) input: CreateEulaInput,
    @Ctx() context: RequestContext,
  ) {
    return change(context, () => createEula(context, input));
  }

  @Authorized('PUBLISHER')
  @Mutation(() => ReviseEulaPayload, {
    description:
      'Gives a licence agreement its next text. Publications keep the texts that they have; the newest text over again makes none.',
  })
  reviseEula(
    @Arg('input', () => ReviseEulaInput, { description: 'The next text.' }) input: ReviseEulaInput,
    @Ctx() context: RequestContext,
  ) {
    return change(context, async () => reviseEula(context, { ...input, id: eulaKey(input) }));
  }

  @Authorized('PUBLISHER')
  @Mutation(() => ArchiveEulaPayload, {
    description:
      'From now on no new publication takes the agreement; those that have it keep it. It is never deleted.',
  })
  archiveEula(
    @Arg('input', () => ArchiveEulaInput, { description: 'The agreement.' }) input: ArchiveEulaInput,
    @Ctx() context: RequestContext,
  ) {
    return change(context, async () => archiveEula(context, eulaKey(input)));
  }
}

const change = (context: RequestContext, act: () => Promise<string>) =>
  mutate(context, act, async (key) => ({ eulaRevision: await context.loaders.eulaRevision.load(key) }));

const eulaKey = ({ id }: { id: string }): string => keyOf('EulaRevision', id, 'input', 'id');
