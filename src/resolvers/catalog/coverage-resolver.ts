import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Cloud } from '../../entities/catalog/cloud';
import { CloudImage } from '../../entities/catalog/cloud-image';
import { InstanceType } from '../../entities/catalog/instance-type';
import { MultiCloudImage } from '../../entities/components/multi-cloud-image';
import { visibleImage } from '../../loaders/node';
import type { RequestContext } from '../../loaders/request-context';
import { coverageList } from '../../persistence/catalog/coverage-list';
import type { Row } from '../../persistence/select';
import { CloudCoverage } from '../types/catalog/cloud-coverage';
import { CloudCoverageConnection } from '../types/connections';
import { PageArgs } from '../types/page-args';

/** A cloud in the coverage of an MCI version. */
interface Coverage {
  readonly cloud: Row<Cloud>;
  readonly covered: boolean;
  readonly multiCloudImageId: string;
}

@Resolver(() => MultiCloudImage)
export class MultiCloudImageCoverageResolver {
  @FieldResolver(() => CloudCoverageConnection, {
    description:
      'Every cloud, by name: whether there is a setting for it, and what the matchers propose (R-4.6).',
  })
  async coverage(
    @Root() mci: Row<MultiCloudImage>,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { loaders, viewer }: RequestContext,
  ) {
    const found = await loaders.connections.of(mci.id, coverageList(viewer), page);
    const edges = found.edges.map(({ cursor, node }) => ({ cursor, node: coverageOf(mci.id, node) }));
    return { ...found, edges };
  }
}

/** The list's query adds the word `covered` to the cloud's columns. */
function coverageOf(multiCloudImageId: string, cloud: Row<Cloud>): Coverage {
  return { cloud, covered: (cloud as Row<Cloud> & { covered: boolean }).covered, multiCloudImageId };
}

@Resolver(() => CloudCoverage)
export class CloudCoverageResolver {
  @FieldResolver(() => CloudImage, { nullable: true, description: 'The image that a matcher proposes.' })
  async proposal(@Root() coverage: Coverage, @Ctx() context: RequestContext) {
    const proposal = await proposalOf(coverage, context);
    return proposal?.outcome === 'PROPOSED' ? visibleImage(context, proposal.imageId) : null;
  }

  @FieldResolver(() => InstanceType, {
    nullable: true,
    description: 'The instance type that the matcher proposes.',
  })
  async proposedInstanceType(@Root() coverage: Coverage, @Ctx() context: RequestContext) {
    const proposal = await proposalOf(coverage, context);
    return proposal?.outcome === 'PROPOSED'
      ? context.loaders.instanceType.load(proposal.instanceTypeId)
      : null;
  }

  @FieldResolver(() => String, { nullable: true, description: 'Why there is no proposal.' })
  async reason(@Root() coverage: Coverage, @Ctx() context: RequestContext) {
    const proposal = await proposalOf(coverage, context);
    return proposal === undefined || proposal.outcome === 'PROPOSED' ? null : proposal.message;
  }
}

async function proposalOf({ multiCloudImageId, cloud }: Coverage, { loaders }: RequestContext) {
  return (await loaders.proposal.load({ multiCloudImageId, cloudId: cloud.id }))?.proposal;
}
