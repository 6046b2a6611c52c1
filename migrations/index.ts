import { Events1764100000000 } from './1764100000000-events';
import { ListedComponentTags1764620000001 } from './1764620000001-listed-component-tags';
import { Initial1763600000000 } from './1763600000000-initial';
import { ListIndexes1764630000000 } from './1764630000000-list-indexes';
import { Marketplace1764000000000 } from './1764000000000-marketplace';
import { SelectionPlanner1764500000000 } from './1764500000000-selection-planner';
import { SearchAndRules1763600000001 } from './1763600000001-search-and-rules';
import { SupersededPublications1764620000000 } from './1764620000000-superseded-publications';
import { LaunchOrders1763900000000 } from './1763900000000-launch-orders';
import { Servers1763800000000 } from './1763800000000-servers';
import { SetOperations1764300000000 } from './1764300000000-set-operations';
import { VersionControl1763700000000 } from './1763700000000-version-control';
import { Webhooks1764200000000 } from './1764200000000-webhooks';

/** Every migration, oldest first. */
export const MIGRATIONS = [
  Initial1763600000000,
  SearchAndRules1763600000001,
  VersionControl1763700000000,
  Servers1763800000000,
  LaunchOrders1763900000000,
  Marketplace1764000000000,
  Events1764100000000,
  Webhooks1764200000000,
  SetOperations1764300000000,
  SelectionPlanner1764500000000,
  SupersededPublications1764620000000,
  ListedComponentTags1764620000001,
  ListIndexes1764630000000,
];
