import { Arg, Authorized, Ctx, Mutation, Resolver } from 'type-graphql';
import { keyOf } from '../../domain/global-id';
import type { RequestContext } from '../../loaders/request-context';
import { republish } from '../../services/marketplace/republish';
import { publicationAnswer } from './publication-answer';
import { PublicationInput } from '../types/marketplace/publication-inputs';
import { PublicationPayload } from '../types/marketplace/publication-payload';

@Resolver()
export class RepublishMutation {
  @Authorized('PUBLISHER')
  @Mutation(() => PublicationPayload, {
    description:
      'Offers a published HEAD, and the HEADs that it pins, as they are now: those who follow it and may see it still get that (R-9.4).',
  })
  republish(
    @Arg('input', () => PublicationInput, { description: 'The publication of a HEAD.' })
    { publicationId, dryRun }: PublicationInput,
    @Ctx() context: RequestContext,
  ) {
    return publicationAnswer(context, async () =>
      republish(context, {
        publicationId: keyOf('Publication', publicationId, 'input', 'publicationId'),
        dryRun,
      }),
    );
  }
}
