/** Names of people all over the world; any first name goes with any last name, as at any large company. */
const listed = (names: string): readonly string[] => names.trim().split(/\s+/);

export const firstNames = listed(`
  Adam Adaeze Agnes Ahmed Akira Alba Alejandro Alice Amara Amit Ana Anders Anita Anna Antoine Aoife Ariel Astrid
  Ayesha Ayumi Beatriz Benjamin Bianca Birgit Björn Boris Camila Carlos Caroline Cem Charlotte Chen Chidi Chiara
  Claudia Cormac Daan Daniela Darius Deepa Delphine Denise Devika Dilnoza Dinesh Dominik Dorota Eduardo Efe Eleni
  Elena Elias Emeka Emil Emily Enzo Erik Esra Esther Eun Farah Farid Fernanda Filip Fiona Francesca Frederik Gabriel
  Georgia Giulia Goran Greta Guillaume Gustavo Hamza Hanna Haruto Hassan Helena Hiroshi Huda Ibrahim Ida Ignacio Ilse
  Imran Ines Ioana Isla Ivan Jakub Jamal Jana Javier Jin Joanna Johan Jorge Joseph Judith Jun Kamila Karim Kasper Kateryna
  Kavita Keiko Kemal Khadija Kim Klara Kwame Lars Laura Layla Leandro Lena Leon Li Lina Linh Lorenzo Lucia Ludovic
  Magdalena Mahmoud Malik Manuela Marek Maria Marina Marta Mateo Matthias Mehmet Mia Miguel Mihai Milan Mina Minh Miriam
  Mohammed Monika Naomi Nasrin Natalia Nia Nicolas Nina Noor Olga Omar Ottavio Pavel Pedro Petra Philip Pilar Piotr
  Rachel Rahul Raj Ramona Rania Rebecca Reza Ricardo Robin Roman Rosalind Ruth Sabine Sachiko Salma Samir Sandra Sara
  Sebastian Selin Serena Shreya Sigrid Silvia Siobhan Sven Takumi Tamar Tariq Teresa Thabo Theo Thomas Tiago Tomasz Uma
  Valentina Vera Viktor Wei Wanjiru William Xavier Yasmin Yuki Yusuf Zainab Zeynep Zuzana
`);

export const lastNames = listed(`
  Abdullah Abe Achebe Adams Aguilar Ahlgren Akhtar Alvarez Amari Andersson Ansari Antonopoulos Aoki Araujo Arslan
  Asante Aydin Baker Banerjee Barbieri Bauer Becker Bennett Berg Bianchi Bjornstad Blanc Bogdan Boateng Bondarenko
  Borges Bose Brandt Bruun Byrne Campbell Cardoso Carlsson Cavalli Chandra Chatterjee Chaudhry Chen Chukwu Clark
  Conti Cooper Correia Cruz Dang Danso Das Davies DeVries Delgado Deschamps Diallo Dimitrov Dogan Dubois Duarte
  Dvorak Edwards Eklund ElSayed Engel Esposito Evans Farouk Fernandez Ferrari Ferreira Flores Fontaine Forsberg
  Foster Fujita Gallagher Garcia Georgiou Ghosh Gomez Gonzalez Gruber Guerra Gunnarsson Gupta Haas Halvorsen Hamid
  Hansen Hashimoto Hassan Hayashi Hernandez Hill Hoang Holm Hosseini Hughes Hussain Ibarra Ikeda Iqbal Isaksen Ito
  Iyer Jansen Janssen Jensen Jimenez Johnson Jovanovic Kaplan Kapoor Karlsson Kaur Kaya Khalil Khan Kipchoge Kobayashi
  Kone Kovacs Kowalski Kruger Kumar Kuznetsov Lambert Larsen Laurent Lee Leroy Lewis Lim Lindberg Liu Lombardi Lopez
  Madsen Mahmood Makinen Malhotra Marino Marques Martinez Mbeki Meyer Mitchell Mokoena Molina Morales Mori Mukherjee
  Muller Mwangi Nair Nakamura Nasser Navarro Ndiaye Nguyen Nielsen Nikolov Nkosi Nowicki Nyman Obi Odhiambo Ogawa
  Okoro Oliveira Olsen Onyango Ortega Osei Ozturk Papadopoulos Park Pereira Petersen Petrov Pham Pinto Popov Qureshi
  Ramirez Rasmussen Reddy Reyes Ribeiro Richter Rinaldi Rivera Rosen Roux Ruiz Saito Salazar Santos Sato Schneider
  Schulz Sedlak Sen Serrano Shah Silva Simonsen Sokolov Sorensen Stein Suzuki Svensson Szabo Takahashi Tan Tanaka
  Teixeira Thompson Toure Tran Turner Uchida Vargas Vasquez Verma Vidal Virtanen Vu Wagner Walker Wang Watanabe
  Weber Wright Yamamoto Yilmaz Young Zhang Zielinski Zimmermann
`);
