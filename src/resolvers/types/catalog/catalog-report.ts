import { Field, Int, ObjectType } from 'type-graphql';
import type { ImportReport, RefusedListing } from '../../../domain/catalog/import-report';

@ObjectType({ simpleResolvers: true, description: 'A row of a listing that did not land.' })
export class RefusedCatalogRow implements RefusedListing {
  @Field(() => String, {
    description: 'Where in the file it stands: `Images[17]`, `architectures.x86_64.images.aws`, `line 12`.',
  })
  row: string;

  @Field(() => String, { description: 'What is wrong, and how to cure it.' })
  reason: string;
}

@ObjectType({
  simpleResolvers: true,
  description:
    'What an import did, or in a dry run would do (R-3.3). created + updated + unchanged + refusedCount = rows of the listing.',
})
export class CatalogImportReport implements ImportReport {
  @Field(() => Int, { description: 'Images and instance types that are new in the catalog.' })
  created: number;

  @Field(() => Int, { description: 'Those of which some fact changed.' })
  updated: number;

  @Field(() => Int, { description: 'Those that were known so.' })
  unchanged: number;

  @Field(() => Int, {
    description:
      'Images and instance types of the source that are no longer listed: deprecated, deleted or no longer offered (R-3.4).',
  })
  withdrawn: number;

  @Field(() => Int, { description: 'Rows that did not land.' })
  refusedCount: number;

  @Field(() => [RefusedCatalogRow], { description: 'Those rows in the order of the file, at most 10,000.' })
  refused: RefusedListing[];

  @Field(() => [String], {
    description: 'Names of the clouds that appeared with the listing; as many as it has new regions.',
  })
  cloudsCreated: string[];

  @Field(() => [String], {
    description: 'Names of the sources that the rows belong to; as many as the listing has.',
  })
  sources: string[];
}
