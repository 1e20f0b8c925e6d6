/**
 * The products of a catalogue: a row is a product, its price and what a warehouse has of it. A price or a quantity that changes is kept,
 * closed and followed by the new one.
 */
import { defineImporter } from "../../core/definition/define-importer.ts";
import { field } from "../../core/field.ts";
import { now, ref } from "../../core/records.ts";
import { importLogViews } from "./import-log.ts";
import { productTables } from "./tables.ts";

export const products = defineImporter({
  name: "products",
  label: { en: "Products", fr: "Produits", sv: "Produkter" },
  fields: {
    code: field.text({
      required: true,
      maxLength: 60,
      label: { en: "Code", fr: "Code", sv: "Artikelnummer" },
      aliases: {
        en: ["Product code", "SKU", "Item number", "Item no", "Part number", "Article number"],
        fr: ["Code article", "Code produit", "Référence", "Réf", "Réf article", "N° article"],
        sv: ["Artikelnr", "Art.nr", "Produktkod", "Kod"],
      },
    }),
    name: field.text({
      maxLength: 500,
      label: { en: "Name", fr: "Désignation", sv: "Benämning" },
      aliases: {
        en: ["Product", "Product name", "Title"],
        fr: ["Nom", "Libellé", "Produit", "Intitulé", "Nom du produit"],
        sv: ["Namn", "Produkt", "Produktnamn", "Artikel"],
      },
    }),
    description: field.text({
      label: { en: "Description", fr: "Description", sv: "Beskrivning" },
      aliases: { en: ["Details"], fr: ["Descriptif", "Détails"], sv: ["Produktbeskrivning"] },
    }),
    brand: field.text({
      maxLength: 200,
      label: { en: "Brand", fr: "Marque", sv: "Varumärke" },
      aliases: { en: ["Make", "Manufacturer"], fr: ["Fabricant", "Constructeur"], sv: ["Märke", "Tillverkare"] },
    }),
    category: field.text({
      maxLength: 200,
      label: { en: "Category", fr: "Catégorie", sv: "Kategori" },
      aliases: {
        en: ["Product group", "Family"],
        fr: ["Famille", "Rayon", "Gamme"],
        sv: ["Produktgrupp", "Varugrupp"],
      },
    }),
    unit: field.text({
      maxLength: 40,
      label: { en: "Unit", fr: "Unité", sv: "Enhet" },
      aliases: { en: ["UoM", "Unit of measure"], fr: ["Unité de vente", "Conditionnement"], sv: ["Måttenhet"] },
    }),
    price: field.decimal({
      min: 0,
      scale: 4,
      label: { en: "Price", fr: "Prix", sv: "Pris" },
      aliases: {
        en: ["Unit price", "List price", "Net price"],
        fr: ["Prix unitaire", "Prix HT", "Tarif", "PU", "PU HT"],
        sv: ["À-pris", "Styckpris", "Listpris"],
      },
    }),
    currency: field.text({
      pattern: /[A-Za-z]{3}/,
      label: { en: "Currency", fr: "Devise", sv: "Valuta" },
      aliases: { en: ["Currency code"], fr: ["Monnaie", "Code devise"], sv: ["Valutakod"] },
    }),
    stock: field.decimal({
      scale: 3,
      label: { en: "Stock", fr: "Stock", sv: "Lagersaldo" },
      aliases: {
        en: ["Quantity", "Qty", "In stock", "Stock level"],
        fr: ["Quantité", "Qté", "Qté en stock", "Quantité en stock"],
        sv: ["Saldo", "Antal", "I lager", "Lager"],
      },
    }),
    warehouse: field.text({
      maxLength: 100,
      default: "MAIN",
      label: { en: "Warehouse", fr: "Entrepôt", sv: "Lagerställe" },
      aliases: { en: ["Location", "Depot"], fr: ["Dépôt", "Magasin", "Site"], sv: ["Lagerplats"] },
    }),
    active: field.boolean({
      label: { en: "Active", fr: "Actif", sv: "Aktiv" },
      aliases: { en: ["Enabled", "For sale"], fr: ["Active", "En vente"], sv: ["Till salu"] },
    }),
  },
  modes: ["upsert", "update_only"],
  repeats: "last",
  records: {
    brand: {
      table: "brands",
      key: ["brand"],
      set: { name: "brand" },
      onMatch: "use",
      label: { en: "brands", fr: "marques", sv: "varumärken" },
    },
    category: {
      table: "categories",
      key: ["category"],
      set: { name: "category" },
      onMatch: "use",
      label: { en: "categories", fr: "catégories", sv: "kategorier" },
    },
    product: {
      table: "products",
      key: ["code"],
      set: {
        name: "name",
        description: "description",
        unit: "unit",
        active: "active",
        updated_at: now(),
        brand_id: ref("brand"),
        category_id: ref("category"),
      },
      onMatch: "update",
      label: { en: "products", fr: "produits", sv: "produkter" },
    },
    price: {
      table: "product_prices",
      key: [ref("product")],
      set: { amount: "price", currency: "currency" },
      versions: { from: "valid_from", to: "valid_to" },
      label: { en: "prices", fr: "prix", sv: "priser" },
    },
    stock: {
      table: "product_stocks",
      key: [ref("product"), "warehouse"],
      set: { quantity: "stock" },
      versions: { from: "valid_from", to: "valid_to" },
      label: { en: "stocks", fr: "stocks", sv: "lagersaldon" },
    },
  },
  tables: productTables,
  views: importLogViews,
});
