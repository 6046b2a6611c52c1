import type { RequestContext } from '../../loaders/request-context';
import type { OfferedAlong, OfferedWith } from '../../services/marketplace/offer-along';
import { mutate } from '../mutate';
import { loadComponent } from '../components/version-payload';

/** What a use case made of a publication. */
interface PublicationResult extends Partial<OfferedWith> {
  /** Key; `null`: there is none (yet). */
  readonly publicationId: string | null;
}

/** Runs a use case, and answers the publication with what is offered along. */
export async function publicationAnswer(context: RequestContext, act: () => Promise<PublicationResult>) {
  const shown = (offered: readonly OfferedAlong[] = []) =>
    Promise.all(
      offered.map(async ({ type, versionId, publicationId }) => ({
        component: await loadComponent(context, type, versionId),
        publication: publicationId && (await context.loaders.publication.load(publicationId)),
      })),
    );
  const answer = await mutate(context, act, async ({ publicationId, implicit, widened }) => ({
    publication: publicationId && (await context.loaders.publication.load(publicationId)),
    implicit: await shown(implicit),
    widened: await shown(widened),
  }));
  return { implicit: [], widened: [], ...answer };
}
