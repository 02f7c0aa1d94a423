/**
 * What Tableau's schema says of names in its classic REST API (ts-api_3_27.xsd). In JSON elements and attributes are
 * keys alike, and a name has one meaning throughout the schema; those few that have two are left out of these tables,
 * and stay as Tableau wrote them: `code`, `status`, `userId`, `value`.
 */

/** Elements that hold nothing but a list, and the name of what they repeat. Tableau writes an empty one as `{}`. */
export const containers: ReadonlyMap<string, string> = new Map([
  ["backgroundJobs", "backgroundJob"],
  ["broadcastViews", "broadcast"],
  ["capabilities", "capability"],
  ["connectedApplications", "connectedApplication"],
  ["connectionLuids", "connectionLuid"],
  ["connectionWarnings", "warning"],
  ["connections", "connection"],
  ["contentList", "content"],
  ["contents", "content"],
  ["customViewAsUserDefaultResults", "customViewAsUserDefaultViewResult"],
  ["customViews", "customView"],
  ["dataAlertUpdateResults", "dataAlertUpdateStatus"],
  ["dataAlerts", "dataAlert"],
  ["dataAlertsRecipientList", "recipient"],
  ["dataQualityIndicatorList", "dataQualityIndicator"],
  ["dataQualityTriggerList", "dataQualityTrigger"],
  ["dataQualityWarningList", "dataQualityWarning"],
  ["databaseAnchors", "databaseAnchor"],
  // inferred: the schema's anchors of these two are lists in Tableau's answers.
  ["databases", "database"],
  ["tables", "table"],
  ["columns", "column"],
  ["datasources", "datasource"],
  ["domainList", "domain"],
  ["downgradeInfo", "downgradedFeature"],
  ["externalAuthorizationServerList", "externalAuthorizationServer"],
  ["extracts", "extract"],
  ["favoriteOrderings", "favoriteOrdering"],
  ["favorites", "favorite"],
  ["flowOutputSteps", "flowOutputStep"],
  ["flowParameterRuns", "parameterRuns"],
  ["flowParameterSpecs", "flowParameterSpec"],
  ["flowRuns", "flowRuns"],
  ["flows", "flow"],
  ["groupSets", "groupSet"],
  ["groups", "group"],
  ["intervals", "interval"],
  ["labelCategoryList", "labelCategory"],
  ["labelList", "label"],
  ["labelValueList", "labelValue"],
  ["linkedTaskSteps", "linkedTaskSteps"],
  ["linkedTasks", "linkedTasks"],
  ["metrics", "metric"],
  ["mobileSecuritySettingsList", "mobileSecuritySettings"],
  ["nodeWarnings", "warning"],
  ["notificationUpdateResult", "notificationUpdateStatus"],
  ["parameters", "parameter"],
  ["personalAccessTokens", "personalAccessToken"],
  ["projectIds", "projectId"],
  ["projects", "project"],
  ["recents", "recent"],
  ["recipients", "recipient"],
  ["recommendations", "recommendation"],
  ["resourceList", "resource"],
  ["revisions", "revision"],
  ["scheduleLuids", "scheduleLuid"],
  ["schedules", "schedule"],
  ["scimConfigurations", "scimConfiguration"],
  ["sessions", "session"],
  ["siteAuthConfigurations", "siteAuthConfiguration"],
  ["siteOIDCConfigurations", "siteOIDCConfiguration"],
  ["sites", "site"],
  ["statusNotes", "statusNote"],
  ["subscriptions", "subscription"],
  ["suggestionList", "suggestion"],
  ["tableAnchors", "tableAnchor"],
  ["tags", "tag"],
  ["tasks", "task"],
  ["userNotificationsPreferences", "userNotificationsPreference"],
  ["users", "user"],
  ["values", "value"],
  ["views", "view"],
  ["virtualConnectionConnections", "connection"],
  ["virtualConnections", "virtualConnection"],
  ["warnings", "warning"],
  ["webhooks", "webhook"],
  ["workbooks", "workbook"],
]);

/** What is repeated without a container, by the element that it stands in; `always` where an absent one is none. */
export const repeated: ReadonlyMap<string, { readonly name: string; readonly always: boolean }> = new Map([
  ["permissions", { name: "granteeCapabilities", always: true }],
  ["connectedApplication", { name: "secret", always: false }],
  ["groupSet", { name: "group", always: false }],
  ["extensionsServerSettings", { name: "blockList", always: true }],
  ["extensionsSiteSettings", { name: "safeList", always: true }],
]);

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter((word) => word !== ""));

/** `xs:integer`, `xs:int`, `xs:long`, `xs:nonNegativeInteger`, `xs:positiveInteger`, `xs:decimal`; and of sites, which the schema calls strings, quotas and limits. */
export const numbers = words(`
  adminInsightsPublishFrequency autoSuspendRefreshInactivityWindow connectedWorkbooksCount consecutiveFailedCount
  datasourceCount favoritesTotal fileSize finishCode flowCount groupCount hitsTotal hours localId maxFileChunkCount
  maxServiceTokenLimitPerUser minutes monthDay numCreators numExplorers numSteps numUsers numViewers
  offlineInteractionSupportedPhase pageNumber pageSize permissionedItemCount personalSpaceStorageQuota port position
  priority progress projectCount refreshTokenAbsoluteExpiry revisionLimit revisionNumber score serverPort sheetCount
  sheetImageMaxAgeCeiling sheetImageMaxAgeFloor size sizeInBytes statusCode stepNumber storage storageQuota
  subscriptionsTotal subscriptionTotal tagLimit tierCreatorCapacity tierExplorerCapacity tierViewerCapacity
  totalAvailable totalItemCount totalViewCount userCount userManagementVersion userQuota viewCount workbookCount
`);

/** `xs:boolean`; and `showTabs` and `encryptExtracts`, which the schema calls strings. */
export const booleans = words(`
  accelerateNow accelerationEnabled active allowEmbeddedAuthentication allowSubscriptionAttachments allowTrusted
  attachImage attachPdf attributeCaptureEnabled authoringEnabled autoExtractRefreshMonitoringEnabled
  autoFlowRunMonitoringEnabled autoSuspendRefreshEnabled biasedToxicHarmful blockNonExtractEnabled builtIn
  cacheWarmupEnabled catalogObfuscationEnabled catalogingEnabled cmekEnabled commentingEnabled
  commentingMentionsEnabled contentAdmin contentMigrationToolEnabled current customSubscriptionEmailEnabled
  customSubscriptionFooterEnabled dashboardInsightsEnabled dashboardNarrativeEnabled dataAlertsEnabled
  dataOrientationEnabled deleted derivedPermissionsEnabled disableSubscriptions disabledByOverride
  dqwSubscriptionsEnabled easEnabled editingFlowsEnabled einsteinInFlowEnabled elevated elevatedDefault
  embedPassword enabled encryptExtracts explainDataEnabled exploreInTableauEnabled extensionsEnabled
  extensionsGloballyEnabled externalUserEnabled flowAutoSaveEnabled flowFederationStrategySelectedConnectionEnabled
  flowOutputSubscriptionsDataAsEmailAttachmentEnabled flowOutputSubscriptionsDataInEmailBodyEnabled
  flowOutputSubscriptionsEnabled flowParametersAnyTypeEnabled flowParametersEnabled flowParametersSystemTypeEnabled
  flowsEnabled fullDataAllowed generativeAiDataCatalog generativeAiEnabled generativeAiPrep generativeAiPulse
  generativeAiPulseDiscoverEnabled generativeAiPulseExternalEmbeddingsEnabled generativeAiWebAuthoring
  generativeAiWebAuthoringOnPremEnabled groupAssertionsConnectedAppsEnabled groupAssertionsEnabled
  groupAssertionsOIDCEnabled groupAssertionsSAMLEnabled groupSetsEnabled guestAccessEnabled hasAlert hasAlerts
  hasErrors hasExternalKmsKey hasExtracts hidden inaccurate inappropriate includeAll includePartnerBuilt
  includeSandboxed includeTableauBuilt incomplete incremental internal isActive isApiTokenActive isArchived
  isCertified isCompleted isEmbedded isEnabled isOwner isPrivateApp isPublished isRequired isSevere
  linkedTaskRunNowEnabled linkedTaskSchedulingEnabled loginBasedLicenseManagementEnabled metricsContentTypeEnabled
  mfaEnforcementExemption mobileBiometricsEnabled namedSharingEnabled notifySiteAdminsOnThrottle oAuthEnabled
  ownsContent personalSpaceEnabled promptNeeded public publishToSalesforceEnabled pulseEnabled
  pulsePersonalizedRankingEnabled queryTaggingEnabled readOnly recentlyViewed recycleBinEnabled
  refreshExtractTriggered registered requestAccessEnabled revisionHistoryEnabled runNow runNowEnabled
  schedulingFlowsEnabled selfServiceScheduleForRefreshEnabled sendIfViewEmpty severe shared sheetImageEnabled
  showTabs siteInviteEmailEnabled sitePromptedLoginFlowEnabled stopDownstreamTasksOnFailure subscribeOthersEnabled
  success suppressGettingStarted suspended topLevelProject unrestrictedEmbedding useDefaultSetting
  useDefaultTimeZone useFullName useOAuthManagedKeychain useRemoteQueryAgent webExtractionEnabled
  webZoneContentEnabled workflowExtensionEnabled writeable
`);
