import { Arg, Authorized, Ctx, Mutation, Resolver } from 'type-graphql';
import { keyOf } from '../../domain/global-id';
import type { RequestContext } from '../../loaders/request-context';
import { importPublication } from '../../services/marketplace/import-publication';
import type { BroughtVersion } from '../../services/marketplace/bring-versions';
import type { Joined, JoinPublication } from '../../services/marketplace/join-publication';
import { removeImport } from '../../services/marketplace/remove-import';
import { subscribePublication } from '../../services/marketplace/subscribe-publication';
import { componentKey } from '../decode';
import { mutate } from '../mutate';
import { DeleteComponentInput } from '../types/components/component-inputs';
import { ImportPublicationInput } from '../types/marketplace/import-inputs';
import { ImportPublicationPayload } from '../types/marketplace/import-payload';
import { DeleteComponentPayload } from '../types/payload';
import { loadComponent } from '../components/version-payload';

@Resolver()
export class ImportMutations {
  @Authorized('LIBRARY')
  @Mutation(() => ImportPublicationPayload, {
    description:
      'Brings a published revision and all that it pins into the local collection, read-only; what is there already is used again (R-9.4).',
  })
  importPublication(
    @Arg('input', () => ImportPublicationInput, { description: 'The publication.' })
    input: ImportPublicationInput,
    @Ctx() context: RequestContext,
  ) {
    return joined(context, () => importPublication(context, joining(input)));
  }

  @Authorized('LIBRARY')
  @Mutation(() => ImportPublicationPayload, {
    description:
      'Brings a published HEAD and all that it pins into the local collection, where it follows what its publisher republishes (R-9.4).',
  })
  subscribePublication(
    @Arg('input', () => ImportPublicationInput, { description: 'The publication.' })
    input: ImportPublicationInput,
    @Ctx() context: RequestContext,
  ) {
    return joined(context, () => subscribePublication(context, joining(input)));
  }

  @Authorized('LIBRARY')
  @Mutation(() => DeleteComponentPayload, {
    description:
      'Removes all that was imported of a component from the local collection. Refused while a ServerTemplate names any of it (R-4.5); it can be imported again.',
  })
  removeImport(
    @Arg('input', () => DeleteComponentInput, { description: 'The component.' })
    { id }: DeleteComponentInput,
    @Ctx() context: RequestContext,
  ) {
    const act = () => {
      const { type, key } = componentKey(id, 'input', 'id');
      return removeImport(context, type, key);
    };
    return mutate(context, act, () => ({ deletedId: id }));
  }
}

const joining = ({ publicationId, acceptEulaRevisionIds }: ImportPublicationInput): JoinPublication => ({
  publicationId: keyOf('Publication', publicationId, 'input', 'publicationId'),
  acceptEulaRevisionIds: (acceptEulaRevisionIds ?? []).map((id) =>
    keyOf('EulaRevision', id, 'input', 'acceptEulaRevisionIds'),
  ),
});

async function joined(context: RequestContext, act: () => Promise<Joined>): Promise<object> {
  const load = ({ type, id }: BroughtVersion) => loadComponent(context, type, id);
  const answer = await mutate(context, act, async ({ component, imported, reused }) => ({
    component: await load(component),
    imported: await Promise.all(imported.map(load)),
    reused: await Promise.all(reused.map(load)),
  }));
  return { imported: [], reused: [], ...answer };
}
