import { runGroupOfAll } from './grouped-files';

runGroupOfAll();
