import { Arg, Authorized, Ctx, Mutation, Resolver } from 'type-graphql';
import { keyOf } from '../../domain/global-id';
import type { NodeType } from '../../domain/global-id';
import type { ComponentType } from '../../domain/versioning/component-type';
import type { RequestContext } from '../../loaders/request-context';
import { deprecatePublication } from '../../services/marketplace/deprecate-publication';
import { publishComponent } from '../../services/marketplace/publish-component';
import { reactivatePublication } from '../../services/marketplace/reactivate-publication';
import { updatePublication } from '../../services/marketplace/update-publication';
import { publicationAnswer } from './publication-answer';
import {
  PublicationInput,
  PublishComponentInput,
  UpdatePublicationInput,
} from '../types/marketplace/publication-inputs';
import { PublicationPayload } from '../types/marketplace/publication-payload';
import { PublishComponentPayload } from '../types/marketplace/publish-payload';

const VERSION = 'The version, and to whom it is offered.';
const THE_PUBLICATION = 'The publication.';

/** Offering components in the marketplace (section 9). */
@Resolver()
export class PublicationMutations {
  @Authorized('PUBLISHER')
  @Mutation(() => PublishComponentPayload, {
    description:
      'Offers a ServerTemplate in the marketplace, with the MultiCloud Images and RightScripts that it pins (R-9.1, R-9.2).',
  })
  publishServerTemplate(
    @Arg('input', () => PublishComponentInput, { description: VERSION }) input: PublishComponentInput,
    @Ctx() context: RequestContext,
  ) {
    return publish(context, 'ServerTemplate', input);
  }

  @Authorized('PUBLISHER')
  @Mutation(() => PublishComponentPayload, {
    description: 'Offers a MultiCloud Image in the marketplace (R-9.1).',
  })
  publishMultiCloudImage(
    @Arg('input', () => PublishComponentInput, { description: VERSION }) input: PublishComponentInput,
    @Ctx() context: RequestContext,
  ) {
    return publish(context, 'MultiCloudImage', input);
  }

  @Authorized('PUBLISHER')
  @Mutation(() => PublishComponentPayload, {
    description: 'Offers a RightScript in the marketplace (R-9.1).',
  })
  publishRightScript(
    @Arg('input', () => PublishComponentInput, { description: VERSION }) input: PublishComponentInput,
    @Ctx() context: RequestContext,
  ) {
    return publish(context, 'RightScript', input);
  }

  @Authorized('PUBLISHER')
  @Mutation(() => PublicationPayload, {
    description:
      'Changes what is said about a publication, and to whom it is offered: what is public stays public (R-9.1).',
  })
  updatePublication(
    @Arg('input', () => UpdatePublicationInput, { description: 'What changes.' })
    input: UpdatePublicationInput,
    @Ctx() context: RequestContext,
  ) {
    return publicationAnswer(context, async () =>
      updatePublication(context, {
        ...withKey(input),
        addAccountGroupIds: keysOf('AccountGroup', input.addAccountGroupIds, 'addAccountGroupIds'),
        removeAccountGroupIds: keysOf('AccountGroup', input.removeAccountGroupIds, 'removeAccountGroupIds'),
      }),
    );
  }

  @Authorized('PUBLISHER')
  @Mutation(() => PublicationPayload, {
    description: 'Hides a publication from the marketplace; whoever imported it keeps it (R-9.3).',
  })
  deprecatePublication(
    @Arg('input', () => PublicationInput, { description: THE_PUBLICATION }) input: PublicationInput,
    @Ctx() context: RequestContext,
  ) {
    return answer(context, async () => deprecatePublication(context, withKey(input)));
  }

  @Authorized('PUBLISHER')
  @Mutation(() => PublicationPayload, { description: 'Offers a deprecated publication again (R-9.3).' })
  reactivatePublication(
    @Arg('input', () => PublicationInput, { description: THE_PUBLICATION }) input: PublicationInput,
    @Ctx() context: RequestContext,
  ) {
    return answer(context, async () => reactivatePublication(context, withKey(input)));
  }
}

/** Keys of a list that may be left out. */
const keysOf = (type: NodeType, ids: readonly string[] | null | undefined, field: string): string[] =>
  (ids ?? []).map((id) => keyOf(type, id, 'input', field));

function publish(context: RequestContext, type: ComponentType, input: PublishComponentInput) {
  return publicationAnswer(context, async () =>
    publishComponent(context, type, {
      ...input,
      id: keyOf(type, input.id, 'input', 'id'),
      accountGroupIds: keysOf('AccountGroup', input.accountGroupIds, 'accountGroupIds'),
      eulaRevisionIds: keysOf('EulaRevision', input.eulaRevisionIds, 'eulaRevisionIds'),
    }),
  );
}

/** Runs a use case that gives the key of a publication, and answers that publication. */
const answer = (context: RequestContext, act: () => Promise<string>) =>
  publicationAnswer(context, async () => ({ publicationId: await act() }));

/** An input with the key of the publication that it names. */
const withKey = <T extends { readonly publicationId: string }>(input: T): T => ({
  ...input,
  publicationId: keyOf('Publication', input.publicationId, 'input', 'publicationId'),
});
