import { Initial1763600000000 } from './1763600000000-initial';
import { SearchAndRules1763600000001 } from './1763600000001-search-and-rules';

/** Every migration, oldest first. */
export const MIGRATIONS = [Initial1763600000000, SearchAndRules1763600000001];
