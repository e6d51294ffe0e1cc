/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** How long a point of a series is. A week begins on Monday. */
export type Interval =
  | 'DAY'
  | 'HOUR'
  | 'MINUTE'
  | 'MONTH'
  | 'WEEK';

/** A stretch of time of at most two years. */
export type RangeInput = {
  /** First moment in it. */
  readonly from: string;
  /** First moment after it. */
  readonly to: string;
};

export type SiteReportQueryVariables = Exact<{
  siteId: string;
  range: RangeInput;
  interval: Interval;
}>;


export type SiteReportQuery = { readonly site: { readonly siteId: string, readonly posts: { readonly edges: ReadonlyArray<{ readonly node: { readonly postId: string, readonly url: string } }> }, readonly report: { readonly totals: { readonly views: number, readonly reliability: { readonly stallRatio: number | null, readonly stalls: number, readonly wrongBytes: number, readonly rejectedChunks: number, readonly droppedPeers: number, readonly assetSuccessRatio: number | null }, readonly speed: { readonly longFrameTime: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null, readonly lcp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null }, readonly delivery: { readonly residualOriginLoad: number | null, readonly bytesSaved: number | null, readonly peerHitRatio: number | null, readonly bytes: { readonly peer: number, readonly seed: number, readonly mirror: number, readonly origin: number, readonly cache: number } }, readonly engagement: { readonly engagedMs: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null } }, readonly series: ReadonlyArray<{ readonly start: string, readonly metrics: { readonly delivery: { readonly bytes: { readonly peer: number, readonly seed: number, readonly mirror: number, readonly origin: number, readonly cache: number } } } }>, readonly countries: ReadonlyArray<{ readonly key: string | null, readonly metrics: { readonly views: number, readonly reliability: { readonly assetSuccessRatio: number | null }, readonly speed: { readonly lcp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null }, readonly delivery: { readonly peerHitRatio: number | null, readonly bytes: { readonly peer: number, readonly seed: number, readonly mirror: number, readonly origin: number, readonly cache: number } }, readonly engagement: { readonly engagedMs: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null } } }>, readonly posts: ReadonlyArray<{ readonly key: string | null, readonly metrics: { readonly views: number, readonly reliability: { readonly assetSuccessRatio: number | null }, readonly speed: { readonly lcp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null }, readonly delivery: { readonly peerHitRatio: number | null, readonly bytes: { readonly peer: number, readonly seed: number, readonly mirror: number, readonly origin: number, readonly cache: number } }, readonly engagement: { readonly engagedMs: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null } } }> } } | null };

export type FiguresFragment = { readonly views: number, readonly reliability: { readonly assetSuccessRatio: number | null }, readonly speed: { readonly lcp: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null }, readonly delivery: { readonly peerHitRatio: number | null, readonly bytes: { readonly peer: number, readonly seed: number, readonly mirror: number, readonly origin: number, readonly cache: number } }, readonly engagement: { readonly engagedMs: { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean } | null } };

export type EstimateFragment = { readonly value: number, readonly low: number, readonly high: number, readonly samples: number, readonly enough: boolean };

export type SourcesFragment = { readonly peer: number, readonly seed: number, readonly mirror: number, readonly origin: number, readonly cache: number };

export type SitesQueryVariables = Exact<{ [key: string]: never; }>;


export type SitesQuery = { readonly sites: { readonly edges: ReadonlyArray<{ readonly node: { readonly siteId: string, readonly url: string } }> } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const EstimateFragmentDoc = new TypedDocumentString(`
    fragment Estimate on Quantile {
  value
  low
  high
  samples
  enough
}
    `, {"fragmentName":"Estimate"}) as unknown as TypedDocumentString<EstimateFragment, unknown>;
export const SourcesFragmentDoc = new TypedDocumentString(`
    fragment Sources on BytesBySource {
  peer
  seed
  mirror
  origin
  cache
}
    `, {"fragmentName":"Sources"}) as unknown as TypedDocumentString<SourcesFragment, unknown>;
export const FiguresFragmentDoc = new TypedDocumentString(`
    fragment Figures on Metrics {
  views
  reliability {
    assetSuccessRatio
  }
  speed {
    lcp {
      ...Estimate
    }
  }
  delivery {
    peerHitRatio
    bytes {
      ...Sources
    }
  }
  engagement {
    engagedMs {
      ...Estimate
    }
  }
}
    fragment Estimate on Quantile {
  value
  low
  high
  samples
  enough
}
fragment Sources on BytesBySource {
  peer
  seed
  mirror
  origin
  cache
}`, {"fragmentName":"Figures"}) as unknown as TypedDocumentString<FiguresFragment, unknown>;
export const SiteReportDocument = new TypedDocumentString(`
    query SiteReport($siteId: String!, $range: RangeInput!, $interval: Interval!) {
  site(siteId: $siteId) {
    siteId
    posts(first: 100) {
      edges {
        node {
          postId
          url
        }
      }
    }
    report(range: $range) {
      totals {
        ...Figures
        reliability {
          stallRatio
          stalls
          wrongBytes
          rejectedChunks
          droppedPeers
        }
        speed {
          longFrameTime {
            ...Estimate
          }
        }
        delivery {
          residualOriginLoad
          bytesSaved
        }
      }
      series(interval: $interval) {
        start
        metrics {
          delivery {
            bytes {
              ...Sources
            }
          }
        }
      }
      countries: breakdown(by: COUNTRY, first: 250) {
        key
        metrics {
          ...Figures
        }
      }
      posts: breakdown(by: POST, first: 50) {
        key
        metrics {
          ...Figures
        }
      }
    }
  }
}
    fragment Figures on Metrics {
  views
  reliability {
    assetSuccessRatio
  }
  speed {
    lcp {
      ...Estimate
    }
  }
  delivery {
    peerHitRatio
    bytes {
      ...Sources
    }
  }
  engagement {
    engagedMs {
      ...Estimate
    }
  }
}
fragment Estimate on Quantile {
  value
  low
  high
  samples
  enough
}
fragment Sources on BytesBySource {
  peer
  seed
  mirror
  origin
  cache
}`) as unknown as TypedDocumentString<SiteReportQuery, SiteReportQueryVariables>;
export const SitesDocument = new TypedDocumentString(`
    query Sites {
  sites(first: 100) {
    edges {
      node {
        siteId
        url
      }
    }
  }
}
    `) as unknown as TypedDocumentString<SitesQuery, SitesQueryVariables>;