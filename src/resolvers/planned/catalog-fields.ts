import { cloudRows, visibleImageRows } from '../../persistence/batches';
import {
  cloudImageList,
  imagesOfCloud,
  type CloudImageFilter,
  type CloudImageOrder,
} from '../../persistence/catalog/cloud-image-list';
import { cloudList, type CloudFilter } from '../../persistence/catalog/cloud-list';
import { instanceTypeList, instanceTypesOfCloud } from '../../persistence/catalog/instance-type-list';
import { columnOf, one, part, value } from '../../persistence/planner/fields';
import { page } from '../../persistence/planner/page';
import type { Place, PlannedFields } from '../../persistence/planner/planner';
import { NotPlanned } from '../../persistence/planner/statement';
import { SERVERS, SERVER_ARRAYS } from '../../persistence/servers/definition-kind';
import { instancesUsingImage } from '../../persistence/servers/instance-list';
import { definitionsUsingImage } from '../../persistence/servers/server-list';
import {
  multiCloudImagesUsingImage,
  serverTemplatesUsingImage,
  settingsUsingImage,
} from '../../persistence/servers/where-used-list';
import { effectiveLifecycle } from '../../persistence/visibility';
import { withCloudKey } from '../decode';
import { byIdOrKey } from './nodes';
import { instancesAt } from './server-fields';

/** The cloud of a row that has one. */
const cloudOf = (place: Place) => cloudRows(place.manager, place.viewer, `= ${place.column('cloudId')}`);

/** for the moment of the request. */
const lifecycleNow = ({ statement, column }: Place): string => {
  const image = `SELECT ${column('lifecycle')} AS lifecycle, ${column('deprecatesAt')} AS deprecates_at`;
  return `(SELECT ${statement.predicate(effectiveLifecycle('image'))} FROM (${image}) AS image)`;
};

/** of an image that the viewer sees. */
export const availability = (lifecycle: string): string =>
  `CASE ${lifecycle} WHEN 'DELETED' THEN 'INVALID' WHEN 'AVAILABLE' THEN 'AVAILABLE' WHEN 'DEPRECATED' THEN 'AVAILABLE'
   ELSE 'UNAVAILABLE' END`;

const isPublic = (owner: string) => (place: Place) => `(${place.column(owner)} IS NULL)`;

const visibility = (place: Place): string =>
  `CASE WHEN ${place.column('ownerAccountId')} IS NULL THEN 'PUBLIC' ELSE 'PRIVATE' END`;

export const cloudFields: PlannedFields = {
  public: value(isPublic('accountId'), { canBeNull: false }),
  images: page(
    'CloudImage',
    ({ viewer, field }) =>
      imagesOfCloud(viewer, withCloudKey(field.arguments()['filter'] as CloudImageFilter)),
    'id',
  ),
  instanceTypes: page('InstanceType', ({ viewer }) => instanceTypesOfCloud(viewer), 'id'),
};

export const cloudImageFields: PlannedFields = {
  cloud: one('Cloud', cloudOf),
  cloudType: columnOf('cloudType', cloudOf),
  region: columnOf('region', cloudOf),
  visibility: value(visibility, { canBeNull: false }),
  lifecycle: value(lifecycleNow, { canBeNull: false }),
  availability: value((place) => availability(place.column('lifecycle')), { canBeNull: false }),
  replacement: one('CloudImage', ({ manager, viewer, column }) =>
    visibleImageRows(manager, viewer, `= ${column('replacementId')}`),
  ),
  tags: value(
    ({ statement, column }) =>
      `coalesce((SELECT tagged.tags FROM cloud_image_tags AS tagged
        WHERE tagged.account_id = ${statement.predicate(':viewer')} AND tagged.cloud_image_id = ${column('id')}), '{}')`,
    { canBeNull: false },
  ),
  usedBy: part('ImageUsage'),
};

export const imageUsageFields: PlannedFields = {
  settings: page('MultiCloudImageSetting', ({ viewer }) => settingsUsingImage(viewer), 'id'),
  multiCloudImages: page('MultiCloudImage', ({ viewer }) => multiCloudImagesUsingImage(viewer), 'id'),
  serverTemplates: page('ServerTemplate', ({ viewer }) => serverTemplatesUsingImage(viewer), 'id'),
  instances: instancesAt(instancesUsingImage),
  servers: page('Server', ({ viewer }) => definitionsUsingImage(SERVERS, viewer), 'id'),
  serverArrays: page('ServerArray', ({ viewer }) => definitionsUsingImage(SERVER_ARRAYS, viewer), 'id'),
};

/** What matchers propose is worked out by the domain, not by SQL. */
export const cloudCoverageFields: PlannedFields = {
  cloud: part('Cloud'),
  covered: value(({ column }) => column('covered'), { canBeNull: false }),
};

export const instanceTypeFields: PlannedFields = {
  cloud: one('Cloud', cloudOf),
  cloudType: columnOf('cloudType', cloudOf),
  region: columnOf('region', cloudOf),
};

/** A filter whose clouds must be looked up first is left to the resolver. */
function imageFilter(place: Place): CloudImageFilter {
  const filter = withCloudKey(place.field.arguments()['filter'] as CloudImageFilter | null);
  if (filter.cloudType != null || filter.region != null) throw new NotPlanned('clouds are looked up first');
  return filter;
}

export const catalogRoots: PlannedFields = {
  clouds: page('Cloud', ({ viewer, field }) =>
    cloudList(viewer, (field.arguments()['filter'] ?? {}) as CloudFilter),
  ),
  cloud: byIdOrKey('Cloud'),
  cloudImages: page('CloudImage', (place) =>
    cloudImageList(
      place.viewer,
      imageFilter(place),
      (place.field.arguments()['orderBy'] ?? 'NAME_ASC') as CloudImageOrder,
    ),
  ),
  cloudImage: byIdOrKey('CloudImage'),
  instanceTypes: page('InstanceType', ({ viewer, field }) =>
    instanceTypeList(viewer, withCloudKey(field.arguments()['filter'] as object)),
  ),
};
