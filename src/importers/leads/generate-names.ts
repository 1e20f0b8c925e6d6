/**
 * The French words that generated leads are made of: people, streets, cities with their real postal codes, trades and
 * the two choice columns. Lists only; how they are put together is generate-row.ts.
 */

/** One list from a block of text, its entries parted by a comma or a line end. */
function list(text: string): string[] {
  return text
    .split(/[,\n]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
}

export const FIRST_NAMES = list(`
Jean, Marie, Pierre, Michel, André, Philippe, René, Louis, Alain, Jacques, Bernard, Marcel, Daniel, Roger, Robert
Paul, Claude, Christian, Henri, Georges, Nicolas, François, Patrick, Gérard, Christophe, Joseph, Julien, Maurice
Laurent, Frédéric, Éric, David, Stéphane, Pascal, Sébastien, Alexandre, Thierry, Olivier, Antoine, Raymond, Guillaume
Dominique, Vincent, Bruno, Thomas, Maxime, Jérôme, Didier, Hervé, Lucas, Hugo, Clément, Kévin, Mathieu, Franck, Romain
Marc, Loïc, Gilles, Serge, Yves, Fabrice, Benoît, Cédric, Anthony, Florian, Benjamin, Arnaud, Quentin, Adrien, Théo
Raphaël, Léo, Gabriel, Arthur, Jules, Adam, Maël, Noé, Nathan, Ethan, Sacha, Gaspard, Timothée, Côme, Aurélien
Grégory, Rémi, Rémy, Jérémy, Mickaël, Joël, Noël, Gaël, Michaël, Fabien, Damien, Xavier, Tristan, Bastien, Valentin
Corentin, Baptiste, Jean-Pierre, Jean-Luc, Jean-Paul, Jean-Marc, Jean-François, Jean-Baptiste, Pierre-Yves, Mohamed
Karim, Mehdi, Rachid, Yanis, Youssef, Bilal, Ibrahim, Mamadou, Moussa, Hakim, Samir, Nabil, Émile, Étienne, Édouard
Eugène, Félix, Lucien, Jeanne, Françoise, Monique, Catherine, Nathalie, Isabelle, Jacqueline, Anne, Sylvie, Martine
Madeleine, Nicole, Suzanne, Hélène, Christine, Marguerite, Denise, Louise, Christiane, Yvonne, Valérie, Sophie
Sandrine, Stéphanie, Véronique, Chloé, Céline, Julie, Chantal, Patricia, Brigitte, Annie, Simone, Aurélie, Laurence
Virginie, Émilie, Caroline, Delphine, Léa, Manon, Camille, Emma, Inès, Zoé, Alice, Jade, Lina, Mila, Rose, Anna, Ambre
Juliette, Agathe, Clémence, Noémie, Élodie, Mélanie, Amélie, Audrey, Jessica, Vanessa, Séverine, Sabrina, Karine
Corinne, Ghislaine, Josiane, Michèle, Élise, Éléonore, Eugénie, Solène, Maëlle, Anaïs, Loïse, Gaëlle, Joëlle, Maïwenn
Océane, Bérénice, Bénédicte, Cécile, Geneviève, Thérèse, Colette, Odile, Danièle, Éliane, Mireille, Fatima, Aïcha
Nadia, Samira, Leïla, Yasmine, Khadija, Marie-Claude, Marie-Thérèse, Anne-Sophie, Anne-Laure, Marie-France, Claire
Lucie, Pauline, Mathilde, Marion, Justine, Apolline, Capucine, Célestine, Victoire, Héloïse, Margaux, Maëva, Ophélie
Coralie, Estelle, Sarah, Laura, Charlotte
`);

export const LAST_NAMES = list(`
Martin, Bernard, Thomas, Petit, Robert, Richard, Durand, Dubois, Moreau, Laurent, Simon, Michel, Lefèvre, Leroy, Roux
David, Bertrand, Morel, Fournier, Girard, Bonnet, Dupont, Lambert, Fontaine, Rousseau, Vincent, Muller, Faure, André
Mercier, Blanc, Guérin, Boyer, Garnier, Chevalier, François, Legrand, Gauthier, Garcia, Perrin, Robin, Clément, Morin
Nicolas, Henry, Roussel, Mathieu, Gautier, Masson, Marchand, Duval, Denis, Dumont, Marie, Lemaire, Noël, Meyer, Dufour
Meunier, Brun, Blanchard, Giraud, Joly, Rivière, Lucas, Brunet, Gaillard, Barbier, Arnaud, Martinez, Gérard, Roche
Renard, Schmitt, Roy, Leroux, Colin, Vidal, Caron, Picard, Roger, Fabre, Aubert, Lemoine, Renaud, Dumas, Lacroix
Olivier, Philippe, Bourgeois, Pierre, Benoît, Rey, Leclerc, Payet, Rolland, Leclercq, Guillaume, Lecomte, López, Jean
Dupuy, Guillot, Hubert, Berger, Carpentier, Sánchez, Dupuis, Moulin, Louis, Deschamps, Huet, Vasseur, Pérez, Boucher
Fleury, Royer, Klein, Jacquet, Adam, Paris, Poirier, Marty, Aubry, Guyot, Carré, Charles, Renault, Charpentier, Ménard
Maillard, Baron, Bertin, Bailly, Hervé, Schneider, Fernández, Le Gall, Collet, Léger, Bouvier, Julien, Prévost, Millet
Perrot, Daniel, Le Roux, Cousin, Germain, Breton, Besson, Langlois, Rémy, Le Goff, Pelletier, Lévêque, Perrier
Leblanc, Barré, Lebrun, Marchal, Weber, Mallet, Hamon, Boulanger, Jacob, Monnier, Michaud, Rodríguez, Guichard, Gillet
Étienne, Grondin, Poulain, Tessier, Chevallier, Collin, Chauvin, Da Silva, Bouchet, Gay, Lemaître, Bénard, Maréchal
Humbert, Reynaud, Antoine, Hoarau, Perret, Barthélemy, Cordier, Pichon, Lejeune, Gilbert, Lamy, Delaunay, Pasquier
Carlier, Laporte, D'Hondt, L'Hermitte, D'Arcy, De La Tour, Saint-Martin, Lefort-Blanc, Dupré, Nguyen, Traoré, Diallo
Benali, Haddad, Cissé, Koné, Bouchard, Crépin, Lagarde, Sénéchal, Pétillon, Fauré, Béranger, Géraud, Thévenin, Vallée
Égret
`);

/** Real communes with one of their real postal codes; departments 01 to 09 begin with the zero that Excel eats. */
export const FRENCH_CITIES = list(`
01000 Bourg-en-Bresse, 01100 Oyonnax, 02000 Laon, 02100 Saint-Quentin, 03000 Moulins, 03100 Montluçon, 03200 Vichy
04000 Digne-les-Bains, 04100 Manosque, 05000 Gap, 06000 Nice, 06100 Nice, 06130 Grasse, 06400 Cannes, 06600 Antibes
07000 Privas, 07100 Annonay, 08000 Charleville-Mézières, 09000 Foix, 09100 Pamiers, 10000 Troyes, 11000 Carcassonne
11100 Narbonne, 12000 Rodez, 12100 Millau, 13001 Marseille, 13008 Marseille, 13100 Aix-en-Provence, 13200 Arles
14000 Caen, 14100 Lisieux, 15000 Aurillac, 16000 Angoulême, 17000 La Rochelle, 17100 Saintes, 18000 Bourges
19000 Tulle, 19100 Brive-la-Gaillarde, 20000 Ajaccio, 20200 Bastia, 21000 Dijon, 21200 Beaune, 22000 Saint-Brieuc
23000 Guéret, 24000 Périgueux, 25000 Besançon, 25200 Montbéliard, 26000 Valence, 26200 Montélimar, 27000 Évreux
28000 Chartres, 29000 Quimper, 29200 Brest, 30000 Nîmes, 30100 Alès, 31000 Toulouse, 31200 Toulouse, 32000 Auch
33000 Bordeaux, 33600 Pessac, 33700 Mérignac, 34000 Montpellier, 34200 Sète, 34500 Béziers, 35000 Rennes
35400 Saint-Malo, 36000 Châteauroux, 37000 Tours, 38000 Grenoble, 38200 Vienne, 39000 Lons-le-Saunier
40000 Mont-de-Marsan, 41000 Blois, 42000 Saint-Étienne, 42300 Roanne, 43000 Le Puy-en-Velay, 44000 Nantes
44600 Saint-Nazaire, 45000 Orléans, 46000 Cahors, 47000 Agen, 48000 Mende, 49000 Angers, 49300 Cholet, 50000 Saint-Lô
50100 Cherbourg-en-Cotentin, 51000 Châlons-en-Champagne, 51100 Reims, 51200 Épernay, 52000 Chaumont, 53000 Laval
54000 Nancy, 55000 Bar-le-Duc, 56000 Vannes, 56100 Lorient, 57000 Metz, 57100 Thionville, 58000 Nevers, 59000 Lille
59100 Roubaix, 59140 Dunkerque, 59200 Tourcoing, 60000 Beauvais, 60200 Compiègne, 61000 Alençon, 62000 Arras
62100 Calais, 63000 Clermont-Ferrand, 64000 Pau, 64100 Bayonne, 65000 Tarbes, 66000 Perpignan, 67000 Strasbourg
68000 Colmar, 68100 Mulhouse, 69003 Lyon, 69007 Lyon, 69100 Villeurbanne, 70000 Vesoul, 71000 Mâcon
71100 Chalon-sur-Saône, 72000 Le Mans, 73000 Chambéry, 74000 Annecy, 75004 Paris, 75011 Paris, 75015 Paris
76000 Rouen, 76600 Le Havre, 77000 Melun, 77100 Meaux, 78000 Versailles, 79000 Niort, 80000 Amiens, 81000 Albi
81100 Castres, 82000 Montauban, 83000 Toulon, 83600 Fréjus, 84000 Avignon, 85000 La Roche-sur-Yon, 86000 Poitiers
87000 Limoges, 88000 Épinal, 89000 Auxerre, 90000 Belfort, 91000 Évry-Courcouronnes, 92100 Boulogne-Billancourt
92200 Neuilly-sur-Seine, 93100 Montreuil, 93200 Saint-Denis, 94000 Créteil, 94300 Vincennes, 95000 Cergy
97400 Saint-Denis, 97200 Fort-de-France
`);

/** Where leads from abroad live; the calling code is the one their phones carry. */
export const FOREIGN_COUNTRIES = [
  {
    name: "Belgique",
    callingCode: "32",
    cities: list("1000 Bruxelles, 4000 Liège, 5000 Namur, 6000 Charleroi, 7000 Mons"),
  },
  {
    name: "Suisse",
    callingCode: "41",
    cities: list("1201 Genève, 1003 Lausanne, 1700 Fribourg, 2000 Neuchâtel, 1950 Sion"),
  },
  { name: "Royaume-Uni", callingCode: "44", cities: list("SW1A 1AA Londres, M1 1AE Manchester, BS1 4DJ Bristol") },
] as const;

export const STREETS = list(`
rue de la République, rue Victor Hugo, avenue Jean Jaurès, rue Pasteur, place de la Mairie, rue de l'Église
rue du Moulin, rue des Écoles, avenue du Général de Gaulle, rue Jules Ferry, chemin des Vignes, rue de la Gare
rue du Château, impasse des Lilas, allée des Tilleuls, boulevard Gambetta, rue Émile Zola, rue Voltaire, rue du Stade
quai des Brumes, rue de la Fontaine, route de Paris, rue du 8 Mai 1945, rue des Fleurs, avenue Foch, rue Molière
rue de Verdun, rue Neuve, cours Lafayette, place du Marché, rue Saint-Pierre, rue Notre-Dame, rue du Faubourg
zone artisanale, rue Anatole France, chemin du Lavoir, rue du Port, rue des Acacias, boulevard Voltaire
rue de l'Hôtel de Ville, rue du Maréchal Leclerc
`);

export const TRADES = list(`
Boulangerie, Menuiserie, Garage, Plomberie, Pharmacie, Cabinet, Atelier, Domaine, Transports, Imprimerie, Librairie
Maçonnerie, Électricité, Couverture, Charpentes, Fromagerie, Pépinières, Établissements, Société, Groupe, Maison, Café
Hôtel, Brasserie, Clinique, Laboratoire, Fonderie, Câblerie, Scierie, Conserverie
`);

export const LEGAL_FORMS = list("SARL, SAS, SA, EURL, SASU, SCI, SNC, et Fils, & Associés, Frères");

/** House names with an apostrophe, an accent or an ampersand: what a careless reader trips over. */
export const BRANDS = list(`
L'Éclat d'Or, L'Atelier Bleu, D'Aubigné, L'Épi Doré, Côté Jardin, Belle Étoile, Fleur & Sens, Nord-Ouest, Évidence
L'Orangeraie, Grain d'Été, Ciel & Mer, Haute Garde, Lumière, Néo Habitat, Sud Énergie, Alpes Bois, Océane, Vert Pré
`);

/**
 * Where mail is read, the commoner ones more than once. All under the name that RFC 2606 keeps for examples: an
 * invented address at a real provider may well be somebody's.
 */
export const MAIL_PROVIDERS = list(`
courriel.example, courriel.example, courriel.example, boite-postale.example, boite-postale.example, poste.example
fil.example, fil.example, mail.hexagone.example, hexagone.example, lapluie.example, messagerie.example
cordial.example
`);

/** The choice column, the commoner words more than once. */
export const STATUSES = list(`
Nouveau, Nouveau, Nouveau, Nouveau, Contacté, Contacté, Contacté, Qualifié, Qualifié, Converti, Perdu
`);

export const UNKNOWN_STATUSES = list("En pause, ???, Client actif, Archivé, À revoir");

export const SOURCES = list("Site web, Site web, Salon, Parrainage, Téléphone, Partenaire, Publicité");
