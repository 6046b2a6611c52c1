import { Arg, Args, Authorized, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { keyOf } from '../../domain/global-id';
import { Publication } from '../../entities/marketplace/publication';
import { PublicationComment } from '../../entities/marketplace/publication-feedback';
import { User } from '../../entities/access/user';
import type { RequestContext } from '../../loaders/request-context';
import { commentsOfPublication } from '../../persistence/marketplace/feedback-store';
import type { Row } from '../../persistence/select';
import { commentPublication } from '../../services/marketplace/comment-publication';
import { ratePublication } from '../../services/marketplace/rate-publication';
import { publicationAnswer } from './publication-answer';
import { PublicationCommentConnection } from '../types/connections';
import { CommentPublicationInput, RatePublicationInput } from '../types/marketplace/feedback-inputs';
import { PageArgs } from '../types/page-args';
import { PublicationPayload } from '../types/marketplace/publication-payload';

@Resolver(() => Publication)
export class PublicationCommentsResolver {
  @FieldResolver(() => PublicationCommentConnection, {
    description: 'What was said about it, newest first; also while no more may be said.',
  })
  comments(
    @Root() publication: Row<Publication>,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { loaders }: RequestContext,
  ) {
    return loaders.connections.of(publication.id, commentsOfPublication(), page);
  }
}

@Resolver(() => PublicationComment)
export class PublicationCommentResolver {
  @FieldResolver(() => User, {
    nullable: true,
    description: 'Who said it; null for machines and for people outside this account.',
  })
  author(@Root() comment: Row<PublicationComment>, @Ctx() { loaders, viewer }: RequestContext) {
    // One person may work in both accounts: neither learns of that.
    return comment.userId !== null && comment.accountId === viewer.accountId
      ? loaders.user.load(comment.userId)
      : null;
  }
}

@Resolver()
export class FeedbackMutations {
  @Authorized('DESIGNER', 'LIBRARY')
  @Mutation(() => PublicationPayload, {
    description:
      'Rates a committed publication of another account, where the publisher allows it (R-9.7). One rating per person; the last one counts.',
  })
  ratePublication(
    @Arg('input', () => RatePublicationInput, { description: 'The rating.' }) input: RatePublicationInput,
    @Ctx() context: RequestContext,
  ) {
    return change(context, async () =>
      ratePublication(context, { ...input, publicationId: publicationKey(input) }),
    );
  }

  @Authorized('DESIGNER', 'LIBRARY')
  @Mutation(() => PublicationPayload, {
    description: 'Comments on a committed publication, where the publisher allows it (R-9.7).',
  })
  commentPublication(
    @Arg('input', () => CommentPublicationInput, { description: 'The comment.' })
    input: CommentPublicationInput,
    @Ctx() context: RequestContext,
  ) {
    return change(context, async () =>
      commentPublication(context, { ...input, publicationId: publicationKey(input) }),
    );
  }
}

const change = (context: RequestContext, act: () => Promise<string>) =>
  publicationAnswer(context, async () => ({ publicationId: await act() }));

const publicationKey = ({ publicationId }: { publicationId: string }): string =>
  keyOf('Publication', publicationId, 'input', 'publicationId');
