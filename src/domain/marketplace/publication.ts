/** Whether a publication is offered. */
export type PublicationStatus = 'ACTIVE' | 'DEPRECATED';

/** To whom: to everyone, or to account groups. */
export type PublicationVisibility = 'PUBLIC' | 'PRIVATE';
