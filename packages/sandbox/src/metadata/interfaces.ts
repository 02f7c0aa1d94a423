/** The interfaces of Tableau's Metadata API, in the form that types.ts explains. */
export const interfaceDescriptions = `
interface Node
  id: ID!

interface Taggable
  id: ID!
  name: String
  luid: String!
  * tags: Tag

interface CanHaveLabels
  id: ID!
  name: String
  luid: String!
  * labels: Label

interface Warnable
  id: ID!
  name: String
  luid: String!
  hasActiveWarning: Boolean!
  * dataQualityWarnings: DataQualityWarning
  dataQualityWarning: DataQualityWarning

interface Certifiable
  id: ID!
  name: String
  luid: String!
  isCertified: Boolean!
  certificationNote: String
  certifier: TableauUser
  certifierDisplayName: String
  * dataQualityCertifications: DataQualityCertification

interface View : Taggable
  documentViewId: String
  path: String
  createdAt: DateTime!
  updatedAt: DateTime!
  index: Int
  workbook: Workbook
  ~ upstreamColumns upstreamDatabases upstreamFields upstreamFlows upstreamTables upstreamDatasources:Datasource
  ~ upstreamDataQualityWarnings upstreamLabels upstreamVirtualConnections upstreamVirtualConnectionTables

interface Datasource
  id: ID!
  name: String
  hasUserReference: Boolean
  hasExtracts: Boolean
  containsUnsupportedCustomSql: Boolean
  extractLastRefreshTime: DateTime
  extractLastIncrementalUpdateTime: DateTime
  extractLastUpdateTime: DateTime
  createdAt: DateTime
  updatedAt: DateTime
  * fields: Field
  * datasourceFilters: DatasourceFilter
  ~ upstreamDatabases upstreamTables upstreamFlows upstreamDatasources upstreamDataQualityWarnings upstreamLabels
  ~ upstreamVirtualConnections upstreamVirtualConnectionTables
  ~ downstreamSheets downstreamDashboards downstreamWorkbooks downstreamOwners downstreamFlows

interface Database : Warnable Certifiable CanHaveLabels Taggable
  vizportalId: String!
  connectionType: String
  isEmbedded: Boolean
  description: String
  projectVizportalUrlId: String
  projectName: String
  contact: TableauUser
  isControlledPermissionsEnabled: Boolean
  isGrouped: Boolean
  * tables: DatabaseTable
  * referencedByQueries: CustomSQLTable
  ~ upstreamDatabases upstreamTables upstreamFlows upstreamDatasources upstreamDataQualityWarnings upstreamLabels
  ~ upstreamVirtualConnections upstreamVirtualConnectionTables
  ~ downstreamDatabases downstreamTables downstreamFlows downstreamDatasources downstreamWorkbooks
  ~ downstreamDashboards downstreamSheets downstreamOwners downstreamVirtualConnections
  ~ downstreamVirtualConnectionTables

interface Table
  id: ID!
  name: String
  isEmbedded: Boolean
  description: String
  * columns: Column
  ~ upstreamDatabases upstreamTables upstreamFlows upstreamDatasources
  ~ upstreamVirtualConnections upstreamVirtualConnectionTables
  ~ downstreamDatabases downstreamTables downstreamFlows downstreamDatasources downstreamWorkbooks
  ~ downstreamDashboards downstreamSheets downstreamOwners downstreamVirtualConnections
  ~ downstreamVirtualConnectionTables

interface Field : Node
  name: String
  fullyQualifiedName: String
  description: String
  descriptionInherited(inheritanceType: InheritanceType): [InheritedStringResult]
  isHidden: Boolean
  folderName: String
  datasource: Datasource
  ~ sheets directSheets
  ~ upstreamColumns upstreamDatabases upstreamFields upstreamFlows upstreamTables upstreamDatasources:Datasource
  ~ upstreamVirtualConnections upstreamVirtualConnectionTables
  ~ downstreamColumns downstreamDatabases downstreamTables downstreamFlows downstreamFields
  ~ downstreamDatasources:Datasource downstreamSheets downstreamDashboards downstreamWorkbooks downstreamOwners
  ~ downstreamVirtualConnections downstreamVirtualConnectionTables
  ~ referencedByFields:FieldReferencingField referencedByCalculations:CalculatedField referencedByBins:BinField
  ~ referencedByGroups:GroupField referencedBySets:SetField referencedByHierarchies:HierarchyField
  ~ referencedByCombinedFields:CombinedField referencedByCombinedSets:CombinedSetField
  ~ referencedByRemoteFields:DatasourceField referencedByFilters:DatasourceFilter

interface DataField : Field
  dataCategory: FieldRoleCategory
  role: FieldRole
  dataType: FieldDataType

interface AnalyticsField : Field
  defaultFormat: String
  semanticRole: String
  aggregation: String
  aggregationParam: String

interface FieldReferencingField : Field
  * fields: Field

interface Label
  id: ID!
  author: TableauUser
  authorDisplayName: String
  vizportalId: String!
  luid: String!
  isActive: Boolean!
  isElevated: Boolean!
  value: String!
  category: String!
  message: String
  createdAt: DateTime!
  updatedAt: DateTime!
  asset: CanHaveLabels
`;
