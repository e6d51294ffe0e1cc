/** The publisher's name among the subscribers of domain events. */
export const publisherSubscriber = 'publisher'
