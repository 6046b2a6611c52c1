import { Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { CatalogSource } from './catalog-source';
import { Cloud } from './cloud';
import { CloudImage } from './cloud-image';
import { Flag, Timestamp } from '../columns';
import { InstanceType } from './instance-type';

/** How far a source has been read in one cloud. */
@Entity('catalog_coverage', {
  comment: 'Per source and cloud: the newest listing, and the newest complete one.',
})
@Index('catalog_coverage_cloud', ['cloudId'])
export class CatalogCoverage {
  @PrimaryColumn({ type: 'uuid', name: 'source_id' })
  sourceId: string;

  @PrimaryColumn({ type: 'uuid', name: 'cloud_id' })
  cloudId: string;

  @ManyToOne(() => CatalogSource, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'source_id', foreignKeyConstraintName: 'catalog_coverage_source' })
  source?: CatalogSource;

  @ManyToOne(() => Cloud, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'cloud_id', foreignKeyConstraintName: 'catalog_coverage_cloud_reference' })
  cloud?: Cloud;

  @Timestamp('last_listed_at')
  lastListedAt: Date;

  @Timestamp('last_complete_at', { nullable: true })
  lastCompleteAt: Date | null;
}

/** From when to when a source listed an image: the history of the catalog. */
@Entity('catalog_image_listings', { comment: 'History: from when to when a source listed an image (R-3.4).' })
@Index('catalog_image_listings_image', ['cloudImageId'])
export class CatalogImageListing {
  @PrimaryColumn({ type: 'uuid', name: 'source_id' })
  sourceId: string;

  @PrimaryColumn({ type: 'uuid', name: 'cloud_image_id' })
  cloudImageId: string;

  @ManyToOne(() => CatalogSource, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'source_id', foreignKeyConstraintName: 'catalog_image_listings_source' })
  source?: CatalogSource;

  @ManyToOne(() => CloudImage, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'cloud_image_id', foreignKeyConstraintName: 'catalog_image_listings_image_reference' })
  cloudImage?: CloudImage;

  @Timestamp('first_listed_at')
  firstListedAt: Date;

  @Timestamp('last_listed_at')
  lastListedAt: Date;

  @Flag('listed', { default: true, comment: 'False once a complete listing no longer had it.' })
  listed: boolean;
}

/** From when to when a source listed an instance type. */
@Entity('catalog_instance_type_listings', {
  comment: 'History: from when to when a source listed an instance type.',
})
@Index('catalog_instance_type_listings_type', ['instanceTypeId'])
export class CatalogInstanceTypeListing {
  @PrimaryColumn({ type: 'uuid', name: 'source_id' })
  sourceId: string;

  @PrimaryColumn({ type: 'uuid', name: 'instance_type_id' })
  instanceTypeId: string;

  @ManyToOne(() => CatalogSource, { onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'source_id', foreignKeyConstraintName: 'catalog_instance_type_listings_source' })
  source?: CatalogSource;

  @ManyToOne(() => InstanceType, { onDelete: 'RESTRICT' })
  @JoinColumn({
    name: 'instance_type_id',
    foreignKeyConstraintName: 'catalog_instance_type_listings_type_reference',
  })
  instanceType?: InstanceType;

  @Timestamp('first_listed_at')
  firstListedAt: Date;

  @Timestamp('last_listed_at')
  lastListedAt: Date;

  @Flag('listed', { default: true, comment: 'False once a complete listing no longer had it.' })
  listed: boolean;
}
