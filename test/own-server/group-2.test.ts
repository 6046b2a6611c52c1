import { runGroupForServer } from './server-files';

runGroupForServer();
